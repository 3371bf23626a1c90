"""Faults, the clock, the limits."""

from datetime import timedelta

from integrations.simulators.zoom.control.named import Arguments
from integrations.simulators.zoom.world import World


def faults(world: World, arguments: Arguments) -> object:
    fault = world.faults.add(**arguments)
    return {"kind": fault.kind}


def clear_faults(world: World, arguments: Arguments) -> object:
    world.faults.clear()
    return {}


def clock(world: World, arguments: Arguments) -> object:
    world.clock.advance(timedelta(**{unit: float(amount) for unit, amount in arguments.items()}))
    return {"now": world.clock.now().isoformat()}


def limits(world: World, arguments: Arguments) -> object:
    world.limits.enforced = bool(arguments.get("enforced", world.limits.enforced))
    world.limits.per_host = int(arguments.get("per_host", world.limits.per_host))
    return {}
