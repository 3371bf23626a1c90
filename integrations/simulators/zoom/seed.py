"""The people and accounts that a newcomer finds at the simulated Zoom."""

from integrations.simulators.zoom.people import add_account, add_user
from integrations.simulators.zoom.records import BASIC
from integrations.simulators.zoom.world import World


def cast(world: World) -> None:
    acme = add_account(world, "Acme")
    add_user(world, "paula@acme.example", acme, name="Paula Paid", role_name="Owner")
    add_user(world, "pedro@acme.example", acme, name="Pedro Paid")
    solo = add_account(world, "Fred Free", plan="free")
    add_user(world, "fred@free.example", solo, name="Fred Free", role_name="Owner", type=BASIC)
    guarded = add_account(world, "Guarded Bank", pre_approval=True)
    add_user(world, "gerda@guarded.example", guarded, name="Gerda Guard", role_name="Admin")
    add_user(world, "wendy@guarded.example", guarded, name="Wendy Waits")
