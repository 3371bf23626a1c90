"""How a connection is, in a sentence, and what to do about it. "The provider is down" is none of its states."""

from dataclasses import dataclass

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from integrations import registry
from integrations.models import Connection, Grant, GrantStatus
from integrations.types import AppKind

READY, WAITING, FAILED = "ready", "waiting", "failed"


@dataclass(frozen=True)
class State:
    """`tone` is ready, waiting or failed; `action` is what the button says; `broken`: the person has to act."""

    tone: str
    label: str
    sentence: str
    action: str
    broken: bool


def of(connection: Connection) -> State:
    status, grant = connection.status, connection.grant
    if status == GrantStatus.ACTIVE and grants_too_little(grant):
        return State(FAILED, _("Permissions missing"), _permissions_missing(), _("Allow what is missing"), broken=True)
    return State(_tone(status), _label(status), sentence(grant, status), _action(status), broken=_is_broken(status))


def grants_too_little(grant: Grant) -> bool:
    provider = registry.oauth(grant.provider)
    return bool(provider.missing_scopes(frozenset(grant.scopes), AppKind(grant.kind)))


def sentence(grant: Grant, status: GrantStatus | None = None) -> str:
    names = {"provider": registry.provider(grant.provider).label, "date": _date(grant)}
    return _sentences()[status or GrantStatus(grant.status)] % names


def _sentences() -> dict[GrantStatus, str]:
    return {
        GrantStatus.ACTIVE: _("%(provider)s works: Bridge makes, moves and removes meetings in this account."),
        GrantStatus.EXPIRED: _(
            "Access ran out%(date)s, because it was not used for 90 days. Your meetings are untouched."
        ),
        GrantStatus.REVOKED: _(
            "%(provider)s says that access was taken back%(date)s: Bridge was removed there, by you or by an admin."
        ),
        GrantStatus.ENDED: _("%(provider)s ended Bridge’s access%(date)s. Your meetings and their links stay."),
        GrantStatus.ROLE_LOST: _(
            "The person who connected %(provider)s lost the admin role%(date)s. Another admin has to connect it."
        ),
        GrantStatus.MISCONFIGURED: _(
            "Bridge’s own settings for %(provider)s are wrong. Nothing is lost: whoever runs Bridge has to mend them."
        ),
    }


def _label(status: GrantStatus) -> str:
    return {
        GrantStatus.ACTIVE: _("Connected"),
        GrantStatus.EXPIRED: _("Access ran out"),
        GrantStatus.REVOKED: _("Access was taken back"),
        GrantStatus.ENDED: _("Access was ended"),
        GrantStatus.ROLE_LOST: _("Admin role lost"),
        GrantStatus.MISCONFIGURED: _("Waits for whoever runs Bridge"),
    }[status]


def _action(status: GrantStatus) -> str:
    return {
        GrantStatus.ACTIVE: _("Renew"),
        GrantStatus.EXPIRED: _("Reconnect"),
        GrantStatus.REVOKED: _("Reconnect and allow Bridge again"),
        GrantStatus.ENDED: _("Reconnect now"),
        GrantStatus.ROLE_LOST: _("Reconnect with another admin"),
        GrantStatus.MISCONFIGURED: _("Try again"),
    }[status]


def _tone(status: GrantStatus) -> str:
    return {GrantStatus.ACTIVE: READY, GrantStatus.MISCONFIGURED: WAITING}.get(status, FAILED)


def _is_broken(status: GrantStatus) -> bool:
    return status not in (GrantStatus.ACTIVE, GrantStatus.MISCONFIGURED)


def _permissions_missing() -> str:
    return _("Not everything was allowed that Bridge needs. What is missing is marked below.")


def _date(grant: Grant) -> str:
    if not grant.ended_at:
        return ""
    return _(" on %(date)s") % {"date": formats.date_format(localtime(grant.ended_at), "DATE_FORMAT")}
