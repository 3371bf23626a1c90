"""What the pages about calendars and contacts show: the services with their words, and what is in force."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from integrations import policies, registry, states
from integrations.models import CalendarPolicy, Connection
from integrations.providers.base import Connectable
from integrations.states import State

PLAIN = "integrations/policy/_nothing.html"


@dataclass(frozen=True)
class Service:
    """A provider of calendars, with its own words, which are templates of its folder."""

    provider: Connectable
    names_server: bool
    impersonation: "Impersonation | None" = None

    @property
    def key(self) -> str:
        return self.provider.key

    @property
    def logo(self) -> str:
        return f"img/providers/{self.provider.key}.svg"

    @property
    def address_name(self) -> str:
        """Of the form's field."""
        return f"address_{self.key}"

    @property
    def words(self) -> list[str]:
        """What an admin should know before he chooses it."""
        return [f"integrations/{self.provider.key}/_policy.html", PLAIN]


@dataclass(frozen=True)
class Choice:
    """A service, for a member who sets up his calendar. refusal: why he may not, in a sentence."""

    service: Service
    is_suggested: bool
    refusal: str
    without_password: bool


@dataclass(frozen=True)
class Impersonation:
    """The account that opens every member's mailbox, as it is shown: never its password."""

    connection: Connection

    @property
    def email(self) -> str:
        return self.connection.grant.email or self.connection.grant.account_id

    @property
    def version(self) -> str:
        versions = dict(registry.password(self.connection.grant.provider).versions)
        return str(versions.get(self.connection.grant.version, ""))

    @property
    def state(self) -> State:
        return states.of(self.connection)


def services(policy: CalendarPolicy) -> list[Service]:
    on_server, found = {known.key for known in registry.with_servers()}, impersonation(policy)
    opener = found.connection.grant.provider if found else ""
    return [
        Service(known, known.key in on_server, found if known.key == opener else None)
        for known in registry.with_calendars()
    ]


def words(part: str) -> list[list[str]]:
    """What each provider's folder has to say, if anything: what cannot be had there and why, …"""
    return [[f"integrations/{known.key}/_{part}.html", PLAIN] for known in registry.connectables()]


def impersonation(policy: CalendarPolicy) -> Impersonation | None:
    return Impersonation(policy.impersonator) if policy.impersonator else None


def choices(membership: Membership) -> list[Choice]:
    """The suggested one first; those that are refused last."""
    policy = policies.of(membership.organization)
    suggested = policy.service if policy.level != "off" else ""
    found = [_choice(membership, policy, service, suggested) for service in services(policy)]
    return sorted(found, key=lambda choice: (not choice.is_suggested, bool(choice.refusal)))


def summary(policy: CalendarPolicy) -> str:
    """In one sentence, for the overview."""
    if not policy.enabled:
        return _("Switched off: members cannot connect calendars.")
    if not policy.service or policy.level == "off":
        return _("On: members choose their service.")
    words = {"service": registry.label(policy.service)}
    if policy.is_locked:
        return _("On, locked: everybody uses %(service)s.") % words
    return _("On: %(service)s is suggested.") % words


def of(organization: Organization) -> str:
    return summary(policies.of(organization))


def _choice(membership: Membership, policy: CalendarPolicy, service: Service, suggested: str) -> Choice:
    refusal = policies.refusal(membership, service.provider)
    return Choice(service, service.key == suggested, refusal, without_password=service.impersonation is not None)
