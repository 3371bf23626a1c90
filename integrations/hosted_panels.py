"""What somebody whom an application has sent can choose from: what works already first, then what he can connect."""

from dataclasses import dataclass

from accounts.models import Membership
from integrations import panels, policies, registry, vendor_apps
from integrations.exceptions import OperatorNeeded
from integrations.models import HostedRequest
from integrations.panels import Section
from integrations.providers.base import Provider
from integrations.types import AppKind


@dataclass(frozen=True)
class Choice:
    """One service. wanted: the application asked for it by name.  refusal: why his organization does not want it."""

    section: Section
    wanted: bool
    refusal: str
    is_set_up: bool

    @property
    def provider(self) -> Provider:
        return self.section.provider

    @property
    def works(self) -> bool:
        """Meetings can be made with it as it is."""
        if not self.provider.needs_connection:
            return True
        shared = self.section.shared
        offered = shared is not None and not (shared.is_removed or shared.problem or shared.state.broken)
        return offered or any(not account.state.broken for account in self.section.accounts)

    @property
    def is_known(self) -> bool:
        """He has an account there, or his organization has."""
        return bool(self.section.accounts or self.section.shared)


@dataclass(frozen=True)
class Services:
    """first: the one that was asked for, else what he has, else all that can be connected.  others: folded away."""

    first: list[Choice]
    others: list[Choice]


def services(sent: HostedRequest) -> Services:
    found = choices(sent)
    for reason in (_is_wanted, _is_known):
        if first := [one for one in found if reason(one)]:
            return Services(first, [one for one in found if one not in first])
    return Services(found, [])


def choices(sent: HostedRequest) -> list[Choice]:
    """All services: what works stands before what he has, and our own room last."""
    membership = sent.membership
    assert membership is not None
    found = [_choice(section, membership, sent.provider) for section in panels.panel(membership).sections]
    return sorted(found, key=lambda one: (not one.provider.needs_connection, not one.works, not one.is_known))


def choice(sent: HostedRequest, key: str) -> Choice | None:
    return next((one for one in choices(sent) if one.provider.key == key), None)


def _is_wanted(one: Choice) -> bool:
    return one.wanted


def _is_known(one: Choice) -> bool:
    return one.is_known


def _choice(section: Section, membership: Membership, wanted: str) -> Choice:
    key = section.provider.key
    refusal = policies.refusal(membership, registry.connectable(key)) if section.provider.needs_connection else ""
    return Choice(section, key == wanted, refusal, _is_set_up(membership, key))


def _is_set_up(membership: Membership, key: str) -> bool:
    try:
        app = vendor_apps.app_for(membership.organization, registry.oauth(key), AppKind.PERSONAL)
    except registry.UnknownProvider:
        return False
    except OperatorNeeded:
        return False
    return app.is_complete
