"""How a connection is, in a sentence, and what to do about it. "The provider is down" is none of its states."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from integrations import registry, state_words
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
    if status == GrantStatus.ACTIVE and lacks(connection):
        return State(
            FAILED, _("Permissions missing"), _missing(), _("Allow what is missing"), True, mend_url(connection)
        )
    label, action = state_words.label(grant, status), state_words.action(grant, status)
    said = sentence(grant, status, since=connection.ended_at)
    broken = status != GrantStatus.ACTIVE and (status != GrantStatus.MISCONFIGURED or state_words.is_own(grant))
    if status == GrantStatus.MISCONFIGURED and not _may_mend(connection):
        return State(_tone(status), label, said, "", broken=False)
    return State(_tone(status), label, said, action, broken, mend_url(connection))


def code(connection: Connection) -> str:
    """The same for programs: a GrantStatus, or what it lacks."""
    status = connection.status
    return "permissions_missing" if status == GrantStatus.ACTIVE and lacks(connection) else status.value


def mend_url(connection: Connection) -> str:
    """Where its state is mended: a person signs in at the provider again, an admin finds what he needs on a page."""
    grant, slug = connection.grant, connection.organization.slug
    if state_words.is_own(grant) and (connection.status == GrantStatus.MISCONFIGURED or grant.kind == AppKind.SERVER):
        return reverse("vendor_app", args=[slug, grant.provider, grant.kind])
    if connection.is_shared and grant.kind == AppKind.PASSWORD:
        return f"{reverse('calendar_impersonation', args=[slug])}?{urlencode({'service': grant.provider})}"
    if connection.is_shared:
        return reverse("organization_provider", args=[slug, grant.provider])
    page = "connect_password" if grant.kind == AppKind.PASSWORD else "connect"
    return f"{reverse(page, args=[grant.provider])}?{urlencode({'account': str(connection.uid)})}"


def lacks(connection: Connection) -> bool:
    """Not everything was granted that it needs."""
    grant = connection.grant
    provider = registry.connectable(grant.provider)
    return bool(provider.missing_scopes(frozenset(grant.scopes), AppKind(grant.kind), connection.asked))


def sentence(grant: Grant, status: GrantStatus | None = None, *, since: datetime | None = None) -> str:
    """`since`: when it ended, where the grant itself may have been renewed by somebody else."""
    names = {"provider": registry.provider(grant.provider).label, "date": _date(since or grant.ended_at)}
    status = status or GrantStatus(grant.status)
    return state_words.sentence(grant, status) % names


def _tone(status: GrantStatus) -> str:
    return {GrantStatus.ACTIVE: READY, GrantStatus.MISCONFIGURED: WAITING}.get(status, FAILED)


def _may_mend(connection: Connection) -> bool:
    """Whose it is; an app of the organization's own is its admins' affair."""
    return connection.membership is None or connection.membership.is_admin or not state_words.is_own(connection.grant)


def _missing() -> str:
    return _("Not everything was allowed that Bridge needs. What is missing is marked below.")


def _date(moment: datetime | None) -> str:
    return _(" on %(date)s") % {"date": formats.date_format(localtime(moment), "DATE_FORMAT")} if moment else ""
