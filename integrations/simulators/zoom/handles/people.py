"""Accounts and users."""

from typing import Any

from integrations.simulators.zoom import people
from integrations.simulators.zoom.handles.named import Named
from integrations.simulators.zoom.records import Account, User


class People(Named):
    def add_account(self, name: str = "Acme", **more: Any) -> Account:
        with self.world.lock:
            return people.add_account(self.world, name, **more)

    def add_user(self, email: str, *, account: Account | str = "Acme", name: str = "", **more: Any) -> User:
        """`more` are fields of User: type, role_name, status, timezone, use_pmi. A missing account is made."""
        with self.world.lock:
            return people.add_user(self.world, email, self.account(account), name=name, **more)

    def change_user(self, user: User | str, **changes: Any) -> None:
        """As a Zoom admin does it: email, type, role_name, status ("inactive"), timezone, …"""
        with self.world.lock:
            people.change(self.world, self.user(user), **changes)

    def remove_user(self, user: User | str, *, disassociated: bool = False) -> None:
        with self.world.lock:
            people.remove(self.world, self.user(user), disassociated=disassociated)
