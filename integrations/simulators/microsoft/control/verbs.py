"""Verbs by their name; each takes the world and its arguments. Raises LookupError, TypeError or ValueError."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.simulators.microsoft import directory, revocation, store
from integrations.simulators.microsoft.graph import event_changes, instances, times
from integrations.simulators.microsoft.identity import consent
from integrations.simulators.microsoft.notifications import Notifications
from integrations.simulators.microsoft.records import App, Event, Mailbox, Policy, Tenant, User
from integrations.simulators.microsoft.world import World

Arguments = dict[str, Any]


def attach(world: World, notifications: Notifications) -> None:
    """The verbs about notifications."""

    def lifecycle(arguments: Arguments) -> object:
        for subscription in list(world.subscriptions.values()):
            notifications.lifecycle(subscription, arguments["event"])
        return {}

    def pushes(arguments: Arguments) -> object:
        for name in ("dropped", "duplicated", "reversed", "together"):
            setattr(notifications, name, bool(arguments.get(name)))
        return {}

    world.controls |= {"subscriptions/lifecycle": lifecycle, "pushes": pushes}


def act(world: World, verb: str, arguments: Arguments) -> object:
    if verb in world.controls:
        return world.controls[verb](arguments)
    return VERBS[verb](world, arguments)


def state(world: World) -> object:
    """For tests: without tokens."""
    return {
        "now": world.clock.now().isoformat(),
        "tenants": [{"id": one.id, "name": one.name, "policy": one.policy} for one in world.tenants.values()],
        "users": [{"id": one.id, "email": one.email, "tenant_id": one.tenant_id} for one in world.users.values()],
        "events": [_event(world, one) for one in world.events.values()],
        "subscriptions": [{"id": one.id, "resource": one.resource} for one in world.subscriptions.values()],
        "calls": [vars(call) for call in world.calls],
    }


def _event(world: World, event: Event) -> dict[str, Any]:
    start, end = event.start.isoformat(), event.end.isoformat()
    owner = world.users[event.owner_id].email
    return {"id": event.immutable_id, "owner": owner, "start": start, "end": end, "subject": event.fields["subject"]}


def _faults(world: World, arguments: Arguments) -> object:
    return {"kind": world.faults.add(**arguments).kind}


def _clear(world: World, arguments: Arguments) -> object:
    world.faults.clear()
    world.throttled.clear()
    return {}


def _clock(world: World, arguments: Arguments) -> object:
    world.clock.advance(timedelta(**{unit: float(amount) for unit, amount in arguments.items()}))
    return {"now": world.clock.now().isoformat()}


def _throttle(world: World, arguments: Arguments) -> object:
    world.throttled[_user(world, arguments).id] = str(arguments["seconds"]) if "seconds" in arguments else None
    return {}


def _add_user(world: World, arguments: Arguments) -> object:
    more = {name: value for name, value in arguments.items() if name not in ("email", "tenant")}
    user = directory.add_user(world, str(arguments["email"]), _tenant(world, arguments), **more)
    return {"id": user.id}


def _change_user(world: World, arguments: Arguments) -> object:
    changes = {name: value for name, value in arguments.items() if name != "user"}
    user = _user(world, arguments)
    if unknown := {*changes} - {*vars(user)}:
        raise TypeError(unknown)
    for name in ("enabled", "assigned", "blocked", "admin", "teams"):
        if name in changes:
            changes[name] = str(changes[name]).lower() in ("true", "1", "yes")
    if "mailbox" in changes:
        changes["mailbox"] = Mailbox(changes["mailbox"])
    vars(user).update(changes)
    return {}


def _revoke(world: World, arguments: Arguments) -> object:
    revocation.revoke(world, _user(world, arguments))
    return {}


def _policy(world: World, arguments: Arguments) -> object:
    _tenant(world, arguments).policy = Policy(arguments["policy"])
    return {}


def _approve(world: World, arguments: Arguments) -> object:
    """For everybody: `scopes`, separated by spaces, or what the registration lists."""
    app, tenant = _app(world, arguments), _tenant(world, arguments)
    consent.give_for_all(tenant, app, {*str(arguments.get("scopes") or " ".join(app.scopes)).split()})
    return {}


def _withdraw(world: World, arguments: Arguments) -> object:
    consent.withdraw(world, _tenant(world, arguments), _app(world, arguments))
    return {}


def _add_event(world: World, arguments: Arguments) -> object:
    """subject, start (an instant), minutes, showAs, sensitivity, attendees (addresses separated by commas)."""
    owner, start = _user(world, arguments), _instant(arguments["start"])
    end = start + timedelta(minutes=float(arguments.get("minutes", 30)))
    body = {"subject": str(arguments.get("subject", "")), "start": times.written(start), "end": times.written(end)}
    known = {name: arguments[name] for name in ("showAs", "sensitivity", "recurrence") if arguments.get(name)}
    guests = [one.strip() for one in str(arguments.get("attendees", "")).split(",") if one.strip()]
    people = [{"emailAddress": {"address": address}} for address in guests]
    where = {"location": {"displayName": str(arguments["location"])}} if arguments.get("location") else {}
    made = event_changes.made(
        world, directory.calendar_of(world, owner), {**body, **known, **where, "attendees": people}
    )
    return {"id": made.immutable_id}


def _move_event(world: World, arguments: Arguments) -> object:
    event, start = _find(world, arguments), _instant(arguments["start"])
    end = start + (event.end - event.start)
    changes = {"start": times.written(start), "end": times.written(end)}
    event_changes.changed(world, instances.of(event), changes)
    return {}


def _delete_event(world: World, arguments: Arguments) -> object:
    store.remove(world, _find(world, arguments))
    return {}


def _forget(world: World, arguments: Arguments) -> object:
    world.chains.clear()
    return {}


def _expire(world: World, arguments: Arguments) -> object:
    world.subscriptions.clear()
    return {}


def _user(world: World, arguments: Arguments) -> User:
    found = world.user_of(str(arguments["user"]))
    if found is None:
        raise LookupError(arguments["user"])
    return found


def _tenant(world: World, arguments: Arguments) -> Tenant:
    found = world.tenant_of(str(arguments["tenant"]))
    if found is None:
        raise LookupError(arguments["tenant"])
    return found


def _app(world: World, arguments: Arguments) -> App:
    """The first one, unless one is named."""
    return world.apps[arguments["client_id"]] if "client_id" in arguments else next(iter(world.apps.values()))


def _find(world: World, arguments: Arguments) -> Event:
    found = instances.found(world, str(arguments["event"]))
    if found is None:
        raise LookupError(arguments["event"])
    return found.root


def _instant(value: object) -> datetime:
    found = datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


VERBS: dict[str, Callable[[World, Arguments], object]] = {
    "faults": _faults,
    "faults/clear": _clear,
    "clock": _clock,
    "throttle": _throttle,
    "users": _add_user,
    "users/change": _change_user,
    "users/revoke": _revoke,
    "tenants/policy": _policy,
    "tenants/approve": _approve,
    "tenants/withdraw": _withdraw,
    "events": _add_event,
    "events/move": _move_event,
    "events/delete": _delete_event,
    "delta/forget": _forget,
    "subscriptions/expire": _expire,
}
