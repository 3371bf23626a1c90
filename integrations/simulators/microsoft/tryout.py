"""What the simulated Microsoft of the try-out has besides: the people of the demo."""

from integrations.simulators.microsoft.directory import add_tenant, add_user
from integrations.simulators.microsoft.records import Policy
from integrations.simulators.microsoft.simulator import MicrosoftSimulator

HARBOUR = "Harbour"
PEOPLE = {"olga@example.org": "Olga Berg", "mina@example.org": "Mina Sol", "rosa@example.org": "Rosa Lima"}


def furnish(microsoft: MicrosoftSimulator) -> None:
    """Twice is once: what a restart remembered stays."""
    world = microsoft.world
    if world.tenant_of(HARBOUR):
        return
    harbour = add_tenant(world, HARBOUR, "example.org", policy=Policy.USERS)
    for email, name in PEOPLE.items():
        add_user(world, email, harbour, name=name, admin=email.startswith("olga"))
