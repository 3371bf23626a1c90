"""Tenants, people and their mailboxes: made and changed."""

from typing import Any

from integrations.simulators.microsoft import identifiers
from integrations.simulators.microsoft.records import CONSUMERS, Calendar, Folder, Mailbox, Policy, Tenant, User
from integrations.simulators.microsoft.world import World


def add_tenant(world: World, name: str, domain: str = "", **more: Any) -> Tenant:
    tenant = Tenant(world.guid(), name, (domain or f"{name.lower()}.example",), **more)
    world.tenants[tenant.id] = tenant
    return tenant


def personal(world: World) -> Tenant:
    """The one of all personal accounts; its people consent for themselves."""
    domains = ("outlook.com", "hotmail.com", "live.com")
    return world.tenants.setdefault(CONSUMERS, Tenant(CONSUMERS, "Personal accounts", domains, Policy.USERS))


def add_user(world: World, email: str, tenant: Tenant, *, name: str = "", **more: Any) -> User:
    """With a default calendar and a folder of contacts; `more` are fields of User."""
    more.setdefault("teams", not tenant.personal)
    more = {"mail": email, "upn": email, **more}
    user = User(world.guid(), tenant.id, name=name or email.partition("@")[0].title(), **more)
    world.users[user.id] = user
    add_calendar(world, user, "Calendar", default=True)
    folder = Folder(identifiers.folder(world), user.id, "Contacts", default=True)
    world.folders[folder.id] = folder
    return user


def add_guest(world: World, user: User, tenant: Tenant) -> User:
    """Somebody of one tenant in another: another oid, and no mailbox there."""
    upn = f"{user.email.replace('@', '_')}#EXT#@{tenant.domains[0]}"
    more = {"home_tenant_id": user.tenant_id, "mailbox": Mailbox.NONE, "upn": upn, "mail": user.email}
    return add_user(world, user.email, tenant, name=user.name, **more)


def add_calendar(world: World, user: User, name: str, *, default: bool = False) -> Calendar:
    calendar = Calendar(identifiers.folder(world), user.id, name, default)
    world.calendars[calendar.id] = calendar
    return calendar


def calendar_of(world: World, user: User) -> Calendar:
    """The default one."""
    return next(found for found in world.calendars.values() if found.owner_id == user.id and found.default)


def folder_of(world: World, user: User) -> Folder:
    """The default one of contacts."""
    return next(found for found in world.folders.values() if found.owner_id == user.id and found.default)


def remove(world: World, user: User) -> None:
    """Deleted: what he had goes with him."""
    del world.users[user.id]
    mine = {calendar.id for calendar in world.calendars.values() if calendar.owner_id == user.id}
    for calendar_id in mine:
        del world.calendars[calendar_id]
    for event in [event for event in world.events.values() if event.calendar_id in mine]:
        del world.events[event.immutable_id]
