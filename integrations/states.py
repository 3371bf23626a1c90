"""How a connection is, in a sentence, and what to do about it. "The provider is down" is none of its states."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from integrations import registry
from integrations.models import Connection, Grant, GrantStatus
from integrations.types import AppKind

READY, WAITING, FAILED = "ready", "waiting", "failed"


@dataclass(frozen=True)
class State:
    """`tone` is ready, waiting or failed; `action` is what the button says, `url` where it leads; `broken`: somebody
    who sees it has to act.
    """

    tone: str
    label: str
    sentence: str
    action: str
    broken: bool
    url: str = ""


def of(connection: Connection) -> State:
    status, grant = connection.status, connection.grant
    if status == GrantStatus.ACTIVE and grants_too_little(grant):
        return State(
            FAILED, _("Permissions missing"), _missing(), _("Allow what is missing"), True, mend_url(connection)
        )
    label, action, url = _label(grant, status), _action(grant, status), mend_url(connection)
    broken = status != GrantStatus.ACTIVE and (status != GrantStatus.MISCONFIGURED or _is_own(grant))
    if status == GrantStatus.MISCONFIGURED and not _may_mend(connection):
        return State(_tone(status), label, sentence(grant, status), "", broken=False)
    return State(_tone(status), label, sentence(grant, status), action, broken, url)


def mend_url(connection: Connection) -> str:
    """Where its state is mended: a person signs in at the provider again, an admin finds what he needs on a page."""
    grant, slug = connection.grant, connection.organization.slug
    if _is_own(grant) and (connection.status == GrantStatus.MISCONFIGURED or grant.kind == AppKind.SERVER):
        return reverse("vendor_app", args=[slug, grant.provider, grant.kind])
    if connection.is_shared:
        return reverse("organization_provider", args=[slug, grant.provider])
    return f"{reverse('connect', args=[grant.provider])}?{urlencode({'account': str(connection.uid)})}"


def account(connection: Connection) -> str:
    """Which account it is, in words; of one whose data was erased we know only since when it was connected."""
    if connection.grant.email:
        return str(connection.grant.email)
    if connection.grant.kind == AppKind.SERVER:
        return _("your own app")
    return _("connected on %(date)s") % {"date": _day(connection.created_at)}


def grants_too_little(grant: Grant) -> bool:
    provider = registry.oauth(grant.provider)
    return bool(provider.missing_scopes(frozenset(grant.scopes), AppKind(grant.kind)))


def sentence(grant: Grant, status: GrantStatus | None = None) -> str:
    names = {"provider": registry.provider(grant.provider).label, "date": _date(grant)}
    status = status or GrantStatus(grant.status)
    own = _of_own_app(status) if _is_own(grant) else ""
    return (own or _sentences()[status]) % names


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
            "%(provider)s ended Bridge’s access for everybody%(date)s: whoever connected it is not an admin there any "
            "more, or Bridge was removed. Another admin has to connect it."
        ),
        GrantStatus.MISCONFIGURED: _(
            "Bridge’s own settings for %(provider)s are wrong. Nothing is lost: whoever runs Bridge has to mend them."
        ),
    }


def _of_own_app(status: GrantStatus) -> str:
    """What is different where the organization brought the app itself."""
    return {
        GrantStatus.ENDED: _(
            "%(provider)s does not accept your organization’s own app any more%(date)s. Your meetings and their links "
            "stay."
        ),
        GrantStatus.MISCONFIGURED: _(
            "%(provider)s does not accept the id or secret of your organization’s own app. Nothing is lost: an admin "
            "of your organization has to mend them."
        ),
    }.get(status, "")


def _label(grant: Grant, status: GrantStatus) -> str:
    if status == GrantStatus.MISCONFIGURED and _is_own(grant):
        return _("Your own app is refused")
    return {
        GrantStatus.ACTIVE: _("Connected"),
        GrantStatus.EXPIRED: _("Access ran out"),
        GrantStatus.REVOKED: _("Access was taken back"),
        GrantStatus.ENDED: _("Access was ended"),
        GrantStatus.ROLE_LOST: _("Admin role lost"),
        GrantStatus.MISCONFIGURED: _("Waits for whoever runs Bridge"),
    }[status]


def _action(grant: Grant, status: GrantStatus) -> str:
    if status in (GrantStatus.MISCONFIGURED, GrantStatus.ENDED) and _is_own(grant) and grant.kind == AppKind.SERVER:
        return _("Check your own app")
    if status == GrantStatus.MISCONFIGURED and _is_own(grant):
        return _("Mend your own app")
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


def _is_own(grant: Grant) -> bool:
    return grant.app_id is not None


def _may_mend(connection: Connection) -> bool:
    """Whose it is; an app of the organization's own is its admins' affair."""
    return connection.membership is None or connection.membership.is_admin or not _is_own(connection.grant)


def _missing() -> str:
    return _("Not everything was allowed that Bridge needs. What is missing is marked below.")


def _date(grant: Grant) -> str:
    return _(" on %(date)s") % {"date": _day(grant.ended_at)} if grant.ended_at else ""


def _day(moment: datetime) -> str:
    return formats.date_format(localtime(moment), "DATE_FORMAT")
