"""What a person reads of permissions and accounts."""

from integrations.simulators.microsoft.records import User
from integrations.simulators.microsoft.world import World

PERMISSIONS = {
    "openid": "Sign you in",
    "profile": "View your basic profile",
    "email": "View your email address",
    "offline_access": "Maintain access to data you have given it access to",
    "User.Read": "Read your profile",
    "Calendars.Read": "Read your calendars",
    "Calendars.ReadWrite": "Have full access to your calendars",
    "Calendars.Read.Shared": "Read calendars you can access",
    "Calendars.ReadWrite.Shared": "Read and write to your and shared calendars",
    "Contacts.Read": "Read your contacts",
    "Contacts.ReadWrite": "Have full access to your contacts",
    "EWS.AccessAsUser.All": "Access mailboxes as you via Exchange Web Services",
}


def kind(world: World, user: User) -> str:
    """Of what account somebody is."""
    tenant = world.tenants[user.tenant_id]
    if tenant.personal:
        return "Personal account"
    role = "Administrator" if user.admin else "Guest" if user.guest else "Member"
    return f"{role}, {tenant.name}"
