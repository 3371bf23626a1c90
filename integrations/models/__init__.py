from integrations.models.authorization import AuthorizationRequest, Level, Purpose
from integrations.models.calendar import (
    Calendar,
    CalendarEvent,
    CalendarSettings,
    LastLook,
    OnChange,
    Watch,
)
from integrations.models.connection import Connection
from integrations.models.contact import AddressBook, NewContact, Person, PersonAddress
from integrations.models.delivery import WebhookDelivery
from integrations.models.event_edit import EventEdit
from integrations.models.grant import Grant, GrantStatus, LastCall
from integrations.models.hosted_request import HostedRequest
from integrations.models.policy import AccountConsent, CalendarPolicy, PolicyLevel, Reach, Why
from integrations.models.preference import ConferencingPreference
from integrations.models.seat import Seat, SeatState
from integrations.models.setup_link import Arrival, SetupLink
from integrations.models.vendor_app import VendorApp

__all__ = [
    "AccountConsent",
    "AddressBook",
    "Arrival",
    "AuthorizationRequest",
    "Calendar",
    "CalendarEvent",
    "CalendarPolicy",
    "CalendarSettings",
    "ConferencingPreference",
    "Connection",
    "EventEdit",
    "Grant",
    "GrantStatus",
    "HostedRequest",
    "LastCall",
    "LastLook",
    "Level",
    "NewContact",
    "OnChange",
    "Person",
    "PersonAddress",
    "PolicyLevel",
    "Purpose",
    "Reach",
    "Seat",
    "SeatState",
    "SetupLink",
    "VendorApp",
    "Watch",
    "WebhookDelivery",
    "Why",
]
