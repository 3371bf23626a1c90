"""The people and tenants that a newcomer finds at the simulated Microsoft."""

from integrations.simulators.microsoft.directory import add_tenant, add_user, personal
from integrations.simulators.microsoft.records import Mailbox, Policy
from integrations.simulators.microsoft.world import World


def cast(world: World) -> None:
    """Contoso lets people consent, Fabrikam asks its admin, Guarded has nobody consent."""
    contoso = add_tenant(world, "Contoso", policy=Policy.USERS)
    add_user(world, "carla@contoso.example", contoso, name="Carla Contoso", admin=True)
    add_user(world, "conrad@contoso.example", contoso, name="Conrad Contoso")
    add_user(world, "nora@contoso.example", contoso, name="Nora No-Teams", teams=False)
    add_user(world, "otto@contoso.example", contoso, name="Otto On-Premises", mailbox=Mailbox.ON_PREMISES)
    fabrikam = add_tenant(world, "Fabrikam")
    add_user(world, "fatima@fabrikam.example", fabrikam, name="Fatima Fabrikam", admin=True)
    add_user(world, "felix@fabrikam.example", fabrikam, name="Felix Fabrikam")
    guarded = add_tenant(world, "Guarded", policy=Policy.WORKFLOW)
    add_user(world, "gerda@guarded.example", guarded, name="Gerda Guard", admin=True)
    add_user(world, "gustav@guarded.example", guarded, name="Gustav Guard")
    add_user(world, "petra@outlook.com", personal(world), name="Petra Personal")
