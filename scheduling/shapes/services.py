"""The services where somebody can meet, as applications are shown them: never which account he has there."""

from typing import Literal, cast
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from accounts.models import Application, Membership
from integrations import panels
from integrations.panels import Account, Section

ServiceState = Literal[
    "not_connected",
    "active",
    "permissions_missing",
    "expired",
    "revoked",
    "ended",
    "role_lost",
    "misconfigured",
    "no_seat",
    "removed",
]
Level = Literal["personal", "organization"]


class Service(Schema):
    """A service where meetings can be made for the person.

    state: active (meetings can be made); not_connected; permissions_missing (he did not allow all that is needed);
    expired; revoked (he ended the access at the service); ended (the service ended it); role_lost (whoever connected it
    for the organization is no admin there any more); misconfigured (Bridge’s own settings are wrong; meetings wait);
    no_seat (his organization’s account has no place for him); removed (he does without his organization’s account).

    For an application connect_url and reconnect_url lead to the hosted page: add `redirect_uri` and `state` before the
    person is sent there, as the guide says.
    """

    id: str = Field(examples=["zoom"], description="What an event names as `service`, beside `default` and `none`.")
    name: str = Field(examples=["Zoom"])
    state: ServiceState = Field(examples=["active"])
    level: Level | None = Field(
        None, examples=["personal"], description="An account of his own, or of his organization’s; null for neither."
    )
    is_default: bool = Field(description="Where he meets if an event says `default`.")
    connect_url: str = Field(
        "", examples=[""], description="Where he connects an account of his own; empty if he has one, or needs none."
    )
    reconnect_url: str = Field(
        "",
        examples=[""],
        description="Where he mends his own account; empty unless it needs that. An organization’s is its admins’.",
    )


def services_of(membership: Membership, application: Application | None = None) -> list[Service]:
    """All that there are, for the application that sends him to connect them, or for a script of his own (None)."""
    return [_shape(section, application) for section in panels.panel(membership).sections]


def shape_of(membership: Membership, key: str, application: Application | None = None) -> Service:
    """The one that is connected at this provider, or was."""
    return next(found for found in services_of(membership, application) if found.id == key)


def _shape(section: Section, application: Application | None) -> Service:
    state, level = _state(section)
    url, is_own = _url(section, application), level == "personal"
    return Service(
        id=section.provider.key,
        name=str(section.provider.label),
        state=cast(ServiceState, state),
        level=level,
        is_default=section.is_default,
        connect_url="" if is_own else url,
        reconnect_url=url if is_own and state not in {"active", "misconfigured"} else "",
    )


def _state(section: Section) -> tuple[str, Level | None]:
    if not section.provider.needs_connection:
        return "active", None
    if section.accounts:
        return min(section.accounts, key=_rank).code, "personal"
    return (section.shared.code, "organization") if section.shared else ("not_connected", None)


def _rank(account: Account) -> tuple[bool, bool]:
    """Which account meetings are made with: his default, else the first that works."""
    return not account.is_default, not account.connection.is_usable


def _url(section: Section, application: Application | None) -> str:
    if not section.provider.needs_connection or not section.provider.is_configured:
        return ""
    if application is None:
        return settings.BASE_URL + reverse("conferencing")
    query = urlencode({"client_id": application.client_id, "provider": section.provider.key})
    return f"{settings.BASE_URL}{reverse('hosted_begin')}?{query}"
