"""Who may sign in where."""

from integrations.simulators.microsoft.errors import Stay, TokenError
from integrations.simulators.microsoft.records import App, Tenant, User
from integrations.simulators.microsoft.world import World

SHARED = ("common", "organizations", "consumers")


def check_tenant(world: World, app: App, named: str) -> Tenant | None:
    """The tenant of a path; None for one of the shared ones. Raises Stay."""
    if named in SHARED:
        if app.tenant_id:
            raise Stay(50194, f"Application '{app.client_id}' is not configured as a multi-tenant application.")
        return None
    tenant = world.tenant_of(named)
    if tenant is None:
        raise Stay(90002, f"Tenant '{named}' not found.")
    if app.tenant_id and app.tenant_id != tenant.id:
        raise Stay(700016, f"Application '{app.client_id}' was not found in the directory '{tenant.name}'.")
    return tenant


def check_sign_in(world: World, app: App, named: str, user: User) -> None:
    """Raises Stay."""
    tenant = check_tenant(world, app, named)
    home = world.tenants[user.tenant_id]
    if (tenant and tenant.id != home.id) or (named == "organizations" and home.personal):
        raise Stay(50020, f"User account '{user.email}' does not exist in this tenant.")
    if named == "consumers" and not home.personal:
        raise Stay(500208, "The domain is not a valid login domain for the account type.")
    if not user.enabled:
        raise Stay(50057, "The user account is disabled.")
    if user.blocked:
        raise Stay(53003, "Access has been blocked by Conditional Access policies.")
    if not user.assigned:
        raise Stay(50105, f"Your administrator has configured {app.name} to block users that are not assigned to it.")


def check_still(world: World, user: User, *, signed_in_at: object = None) -> None:
    """What a refresh finds. Raises TokenError."""
    if not user.enabled:
        raise TokenError("invalid_grant", 50057, "The user account is disabled.")
    if user.blocked:
        raise TokenError("invalid_grant", 53003, "Access has been blocked by Conditional Access policies.")
    if not user.assigned:
        raise TokenError("invalid_grant", 50105, "The signed in user is not assigned to a role for the application.")
