"""Tenants and people, and what becomes of their access."""

from typing import Any

from integrations.simulators.microsoft import directory, revocation
from integrations.simulators.microsoft.identity import consent
from integrations.simulators.microsoft.records import Calendar, Mailbox, Policy, Tenant, User
from integrations.simulators.microsoft.world import World


class People:
    world: World

    def add_tenant(self, name: str, domain: str = "", **more: Any) -> Tenant:
        """`more` are fields of Tenant, such as its policy."""
        with self.world.lock:
            return directory.add_tenant(self.world, name, domain, **more)

    def add_user(self, email: str, tenant: Tenant | str, **more: Any) -> User:
        """`more` are fields of User: name, admin, mailbox, teams, time_zone, mail, upn, …"""
        with self.world.lock:
            return directory.add_user(self.world, email, self.tenant(tenant), **more)

    def add_guest(self, user: User | str, tenant: Tenant | str) -> User:
        with self.world.lock:
            return directory.add_guest(self.world, self.user(user), self.tenant(tenant))

    def user(self, named: User | str) -> User:
        found = self.world.user_of(named) if isinstance(named, str) else named
        if found is None:
            raise LookupError(named)
        return found

    def tenant(self, named: Tenant | str) -> Tenant:
        found = self.world.tenant_of(named) if isinstance(named, str) else named
        if found is None:
            raise LookupError(named)
        return found

    def change_user(self, user: User | str, **changes: Any) -> None:
        """enabled=False, assigned=False, blocked=True (by Conditional Access), teams, mailbox, mail, upn, …"""
        with self.world.lock:
            if "mailbox" in changes:
                changes["mailbox"] = Mailbox(changes["mailbox"])
            vars(self.user(user)).update(changes)

    def remove_user(self, user: User | str) -> None:
        with self.world.lock:
            directory.remove(self.world, self.user(user))

    def set_policy(self, tenant: Tenant | str, policy: Policy | str) -> None:
        """users, managed, nobody or workflow."""
        self.tenant(tenant).policy = Policy(policy)

    def grant_for_tenant(self, tenant: Tenant | str, *scopes: str, client_id: str = "") -> None:
        """As an admin who consents for everybody."""
        with self.world.lock:
            consent.give_for_all(self.tenant(tenant), self._app(client_id), set(scopes))

    def grant_to_app(self, tenant: Tenant | str, *roles: str, client_id: str = "") -> None:
        """Application permissions."""
        with self.world.lock:
            consent.give_to_app(self.tenant(tenant), self._app(client_id), set(roles))

    def withdraw(self, tenant: Tenant | str, client_id: str = "") -> None:
        """An admin deletes the app from his tenant."""
        with self.world.lock:
            consent.withdraw(self.world, self.tenant(tenant), self._app(client_id))

    def revoke(self, user: User | str) -> None:
        """The user or an admin ends all his sessions; an admin's reset of the password does the same."""
        with self.world.lock:
            revocation.revoke(self.world, self.user(user))

    def change_password(self, user: User | str) -> None:
        """By the user: what confidential apps hold lives on."""
        self.user(user)

    def require_mfa(self, user: User | str) -> None:
        self.user(user).mfa_since = self.world.clock.now()

    def calendar(self, user: User | str, name: str = "") -> Calendar:
        """The default one, unless one is named."""
        owner = self.user(user)
        mine = [found for found in self.world.calendars.values() if found.owner_id == owner.id]
        return next(found for found in mine if (found.name == name if name else found.default))

    def add_calendar(self, user: User | str, name: str) -> Calendar:
        with self.world.lock:
            return directory.add_calendar(self.world, self.user(user), name)

    def share(self, calendar: Calendar, user: User | str, role: str) -> None:
        """read, write, limitedRead, freeBusyRead, delegateWithPrivateEventAccess, …"""
        calendar.shares[self.user(user).id] = role

    def _app(self, client_id: str) -> Any:
        return self.world.apps[client_id] if client_id else next(iter(self.world.apps.values()))
