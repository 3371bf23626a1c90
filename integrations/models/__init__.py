from integrations.models.authorization import AuthorizationRequest, Level, Purpose
from integrations.models.connection import Connection
from integrations.models.delivery import WebhookDelivery
from integrations.models.grant import Grant, GrantStatus, LastCall
from integrations.models.preference import ConferencingPreference
from integrations.models.seat import Seat, SeatState
from integrations.models.setup_link import Arrival, SetupLink
from integrations.models.vendor_app import VendorApp

__all__ = [
    "Arrival",
    "AuthorizationRequest",
    "ConferencingPreference",
    "Connection",
    "Grant",
    "GrantStatus",
    "LastCall",
    "Level",
    "Purpose",
    "Seat",
    "SeatState",
    "SetupLink",
    "VendorApp",
    "WebhookDelivery",
]
