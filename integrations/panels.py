"""What the pages show of a member's accounts: each with its state, its proof, and what can be done."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership
from integrations import defaults, policies, queries, registry, shared_panels, states
from integrations.defaults import Default
from integrations.models import Connection, Grant, LastCall
from integrations.providers.base import NOTHING, Connectable, Provider
from integrations.shared_panels import Shared
from integrations.states import State
from integrations.types import AppKind, Permission


@dataclass(frozen=True)
class Access:
    """One thing that Bridge may do, and whether it was allowed; None before connecting."""

    sentence: str | Promise
    allowed: bool | None


@dataclass(frozen=True)
class Account:
    connection: Connection
    provider: Connectable
    state: State
    is_default: bool

    @property
    def uid(self) -> str:
        return str(self.connection.uid)

    @property
    def email(self) -> str:
        return self.connection.account

    @property
    def code(self) -> str:
        return states.code(self.connection)

    @property
    def reconnect_url(self) -> str:
        return self.state.url

    @property
    def health_url(self) -> str:
        return reverse("connection", args=[self.connection.organization.slug, self.connection.uid])

    @property
    def disconnect_url(self) -> str:
        return reverse("disconnect", args=[self.connection.uid])

    @property
    def logo(self) -> str:
        return f"img/providers/{self.provider.key}.svg"

    @property
    def proof(self) -> str:
        return proof(self.connection.grant)

    @property
    def access(self) -> list[Access]:
        return access(self.provider, self.connection.grant, self.connection.asked)


@dataclass(frozen=True)
class Section:
    """One provider. `accounts` is empty for one that is not connected, and for our own room; `shared`: the
    organization's, while he has no account of his own there.
    """

    provider: Provider
    accounts: list[Account]
    shared: Shared | None
    is_default: bool
    access: list[Access]

    @property
    def logo(self) -> str:
        return f"img/providers/{self.provider.key}.svg"


@dataclass(frozen=True)
class Panel:
    accounts: list[Account]
    shared: list[Shared]
    default: Default
    sections: list[Section]


def panel(membership: Membership) -> Panel:
    """Everything in the same number of queries, however many accounts there are."""
    default = defaults.default_of(membership)
    accounts = [
        account(connection, default) for connection in queries.holding_meetings(queries.connections_of(membership))
    ]
    his_own = {account.provider.key for account in accounts}
    offered = [found for found in shared_panels.of(membership, default) if found.provider.key not in his_own]
    permissions = policies.of(membership.organization).permissions
    places: list[Provider] = [*registry.with_meetings(), registry.BUILTIN]
    sections = [_section(provider, accounts, offered, default, permissions) for provider in places]
    return Panel(accounts, offered, default, sections)


def account(connection: Connection, default: Default) -> Account:
    provider = registry.connectable(connection.grant.provider)
    return Account(connection, provider, states.of(connection), is_default=connection == default.connection)


def proof(grant: Grant) -> str:
    """When the provider last did something for us, and what."""
    if not grant.last_call_at:
        return ""
    call = LastCall(grant.last_call).label if grant.last_call in LastCall.values else grant.last_call
    if now() - grant.last_call_at < timedelta(minutes=1):
        return _("Last call just now: %(call)s") % {"call": call}
    return _("Last call %(ago)s ago: %(call)s") % {"ago": timesince(grant.last_call_at, depth=1), "call": call}


def access(provider: Connectable, grant: Grant, permissions: frozenset[Permission] = NOTHING) -> list[Access]:
    kind = AppKind(grant.kind)
    missing = provider.missing_scopes(frozenset(grant.scopes), kind, permissions)
    return [Access(scope.sentence, scope.name not in missing) for scope in provider.scopes(kind, permissions)]


def _section(
    provider: Provider,
    accounts: list[Account],
    offered: list[Shared],
    default: Default,
    permissions: frozenset[Permission],
) -> Section:
    his = [account for account in accounts if account.provider.key == provider.key]
    shared = next((found for found in offered if found.provider.key == provider.key), None)
    return Section(provider, his, shared, default.place == provider.key, _access(provider, permissions))


def _access(provider: Provider, permissions: frozenset[Permission]) -> list[Access]:
    asked = (known.scopes(AppKind.PERSONAL, permissions) for known in registry.OAUTH if known is provider)
    return [Access(scope.sentence, None) for scopes in asked for scope in scopes]
