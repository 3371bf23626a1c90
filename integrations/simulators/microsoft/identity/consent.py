"""Who has consented to what, and who may."""

from integrations.simulators.microsoft.errors import Stay
from integrations.simulators.microsoft.identity import scopes
from integrations.simulators.microsoft.records import App, Policy, Tenant, User
from integrations.simulators.microsoft.world import World

WALL = "needs permission to access resources in your organization that only an admin can grant."


def given(world: World, app: App, user: User) -> set[str]:
    """By the user himself or by an admin for everybody."""
    tenant = world.tenants[user.tenant_id]
    return world.consents.get((app.client_id, user.id), set()) | tenant.scopes.get(app.client_id, set())


def missing(world: World, app: App, user: User, wanted: set[str]) -> set[str]:
    has = given(world, app, user)
    return {name for name in wanted if not scopes.covers(has, name)}


def check(world: World, app: App, user: User, wanted: set[str]) -> None:
    """Raises Stay if this user may not consent to what is missing."""
    tenant, lacking = world.tenants[user.tenant_id], missing(world, app, user, wanted)
    if not lacking or user.admin or tenant.policy is Policy.USERS:
        return
    if tenant.policy is Policy.NOBODY or scopes.needs_admin(lacking):
        workflow = tenant.policy is Policy.WORKFLOW
        page, number = ("request", 90095) if workflow else ("ask_admin", 90094)
        raise Stay(number, f"{app.name} {WALL}", page)


def give(world: World, app: App, user: User, wanted: set[str]) -> None:
    """The user's own."""
    world.consents.setdefault((app.client_id, user.id), set()).update(wanted)
    world.tenants[user.tenant_id].installed.add(app.client_id)


def give_for_all(tenant: Tenant, app: App, wanted: set[str]) -> None:
    """An admin's, for everybody in the tenant."""
    tenant.scopes.setdefault(app.client_id, set()).update(wanted)
    tenant.installed.add(app.client_id)


def give_to_app(tenant: Tenant, app: App, roles: set[str]) -> None:
    """Application permissions: the app acts without anybody signing in."""
    tenant.roles.setdefault(app.client_id, set()).update(roles)
    tenant.installed.add(app.client_id)


def withdraw(world: World, tenant: Tenant, app: App) -> None:
    """An admin deletes the app from the tenant: all grants are gone."""
    tenant.scopes.pop(app.client_id, None)
    tenant.roles.pop(app.client_id, None)
    tenant.installed.discard(app.client_id)
    for client_id, user_id in [*world.consents]:
        if client_id == app.client_id and world.users[user_id].tenant_id == tenant.id:
            del world.consents[client_id, user_id]
