"""Finding what a test names."""

from integrations.simulators.zoom import people
from integrations.simulators.zoom.records import Account, App, User
from integrations.simulators.zoom.world import World


class Named:
    world: World

    def user(self, named: User | str) -> User:
        found = self.world.user_of(named if isinstance(named, str) else named.id)
        if found is None:
            raise LookupError(named)
        return found

    def account(self, named: Account | str) -> Account:
        if isinstance(named, Account):
            return named
        known = (account for account in self.world.accounts.values() if account.name == named)
        return next(known, None) or people.add_account(self.world, named)

    def app(self, client_id: str = "") -> App:
        return self.world.apps[client_id] if client_id else next(iter(self.world.apps.values()))
