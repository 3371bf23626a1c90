"""What an organization decides about calendars and contacts, and who may use what by it. Everybody asks here: before
connecting, before anything is kept, and on each look into a calendar.
"""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from integrations import registry
from integrations.exceptions import RequestRejected
from integrations.models import CalendarPolicy, Connection, Grant, Why
from integrations.providers.base import NOTHING, Connectable
from integrations.types import AppKind, Permission


class Refused(RequestRejected):
    """The organization does not want it."""


def of(organization: Organization) -> CalendarPolicy:
    """As saved, else as it is where nobody has decided (not saved)."""
    found = CalendarPolicy.objects.filter(organization=organization).first()
    return found or CalendarPolicy(organization=organization)


def permissions(organization: Organization, provider: Connectable) -> frozenset[Permission]:
    """What is asked of the provider for a member of this organization; nothing of one without calendars."""
    return of(organization).permissions if provider.calendaring else NOTHING


def refusal(membership: Membership, provider: Connectable, *, email: str = "") -> str:
    """Why he may not use this service, with the account of this address; empty if he may."""
    if not provider.calendaring:
        return ""
    policy = of(membership.organization)
    if why := _barred(policy, provider.key):
        return sentence(policy, why)
    if _is_for_everybody(provider.key) and _opener(policy) != provider.key:
        return _("An admin of your organization connects it once for everybody, and has not done so.")
    outside = next((one for one in (membership.user.email, email) if not is_inside(policy, one)), "")
    return sentence(policy, Why.DOMAIN, email=outside) if outside else ""


def require(
    membership: Membership, provider: Connectable, asked: frozenset[Permission] | None = None, *, email: str = ""
) -> None:
    """Raises Refused. In the transaction that keeps the account, so that no change of the policy slips in between.

    asked: what was asked of the provider; None where nothing is.
    """
    if said := refusal(membership, provider, email=email):
        raise Refused(said)
    if provider.calendaring and asked is not None and _permits_other(of(membership.organization), asked):
        raise Refused(_("Your organization has just changed what Bridge may ask for. Start again."))


def allows(connection: Connection, *, mailbox: str = "") -> bool:
    """It may be used now. mailbox: the address of the one that is opened, where the connection opens several."""
    provider = registry.connectable(connection.grant.provider)
    return not provider.calendaring or misfit(of(connection.organization), connection, mailbox=mailbox) is None


def misfit(policy: CalendarPolicy, connection: Connection, *, mailbox: str = "") -> Why | None:
    """What of the policy, saved or not, the connection does not fit."""
    grant = connection.grant
    if why := _barred(policy, grant.provider):
        return why
    if connection.is_shared and policy.impersonator_id != connection.pk:
        return Why.SHARED
    if not connection.is_shared and _permits_other(policy, connection.asked):
        return Why.PERMISSIONS
    if policy.enforce_oauth and _is_password_in_the_cloud(grant):
        return Why.OAUTH
    addresses = [connection.membership.user.email, grant.email] if connection.membership else [mailbox]
    return None if all(is_inside(policy, one) for one in addresses) else Why.DOMAIN


def sentence(policy: CalendarPolicy, why: Why, *, email: str = "") -> str:
    """For a member who asks why he may not. email: the address that is outside."""
    if why == Why.SERVICE:
        return _("Your organization uses %(service)s for everybody.") % {"service": registry.label(policy.service)}
    if why == Why.DOMAIN:
        words = _("Your organization allows calendars only for addresses at %(domains)s; %(email)s is another.")
        return words % {"domains": ", ".join(policy.allowed_domains), "email": email}
    return _("Your organization has switched calendars and contacts off.")


def no_password_at(organization: Organization) -> tuple[str, ...]:
    """Hosts that must not see a password of this organization's members."""
    return registry.NO_PASSWORD_AT if of(organization).enforce_oauth else ()


def no_password_for(grant: Grant) -> tuple[str, ...]:
    """The same for an account that is kept, by the strictest of those who use it."""
    strict = CalendarPolicy.objects.filter(enforce_oauth=True, organization__connections__grant=grant)
    return registry.NO_PASSWORD_AT if strict.exists() else ()


def is_inside(policy: CalendarPolicy, email: str) -> bool:
    """A name that is no address is of no domain."""
    return not policy.allowed_domains or "@" not in email or _domain(email) in policy.allowed_domains


def _domain(email: str) -> str:
    """In the letters of the network, as the allowed ones are kept."""
    spelled = email.rpartition("@")[2].lower()
    try:
        return spelled.encode("idna").decode()
    except UnicodeError:
        return spelled


def _barred(policy: CalendarPolicy, provider_key: str) -> Why | None:
    if not policy.enabled:
        return Why.OFF
    return Why.SERVICE if policy.is_locked and policy.service != provider_key else None


def _permits_other(policy: CalendarPolicy, asked: frozenset[Permission]) -> bool:
    """More was asked for than it wants; where it is locked, anything else."""
    return asked != policy.permissions if policy.is_locked else not asked <= policy.permissions


def _opener(policy: CalendarPolicy) -> str:
    """The provider of the account that opens everybody's mailbox."""
    return policy.impersonator.grant.provider if policy.impersonator else ""


def _is_for_everybody(provider_key: str) -> bool:
    return any(known.key == provider_key for known in registry.for_everybody())


def _is_password_in_the_cloud(grant: Grant) -> bool:
    if grant.kind != AppKind.PASSWORD or _is_for_everybody(grant.provider):
        return False
    host = (urlsplit(grant.api_url).hostname or "").rstrip(".")
    return any(host == one or host.endswith(f".{one}") for one in registry.NO_PASSWORD_AT)
