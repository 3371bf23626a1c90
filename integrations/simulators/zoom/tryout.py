"""What the simulated Zoom of the try-out has besides: people to connect an organization with, and apps of their own."""

from collections.abc import Sequence

from integrations.simulators.zoom.people import add_account, add_user
from integrations.simulators.zoom.records import BASIC, Kind
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.simulators.zoom.world import World

HARBOUR = "Harbour"
PRIVATE = {
    "acme-users": ("Acme's own app for users", Kind.USER_MANAGED),
    "acme-account": ("Acme's own app for the account", Kind.ADMIN_MANAGED),
    "acme-server": ("Acme's own server-to-server app", Kind.SERVER_TO_SERVER),
}
"""By client id."""


def furnish(zoom: ZoomSimulator, callbacks: Sequence[str]) -> None:
    """Twice is once: what a restart remembered stays."""
    if HARBOUR not in {account.name for account in zoom.world.accounts.values()}:
        cast(zoom.world)
    for client_id, (name, kind) in PRIVATE.items():
        addresses = [] if kind is Kind.SERVER_TO_SERVER else callbacks
        zoom.add_app(client_id, f"{client_id}-secret", addresses, name=name, kind=kind, account="Acme")


def cast(world: World) -> None:
    """Acme gets a second admin, a Basic user and one who is only invited; Harbour has the people of the demo."""
    acme = next(account for account in world.accounts.values() if account.name == "Acme")
    add_user(world, "anton@acme.example", acme, name="Anton Admin", role_name="Admin")
    add_user(world, "mona@acme.example", acme, name="Mona Member")
    add_user(world, "bella@acme.example", acme, name="Bella Basic", type=BASIC)
    add_user(world, "ines@acme.example", acme, name="Ines Invited", type=BASIC, status="pending")
    harbour = add_account(world, HARBOUR)
    add_user(world, "harald@example.org", harbour, name="Harald Harbour", role_name="Owner")
    add_user(world, "olga@example.org", harbour, name="Olga Berg")
    add_user(world, "mina@example.org", harbour, name="Mina Sol")
    add_user(world, "rosa@example.org", harbour, name="Rosa Lima")
    add_user(world, "bruno@example.org", harbour, name="Bruno Keller", type=BASIC)
