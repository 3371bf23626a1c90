"""The simulated clock."""

from integrations.simulators.http import Request
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.world import World

JUMPS = {"One hour": 1, "One day": 24, "31 days": 31 * 24, "91 days": 91 * 24}


def section(world: World, request: Request) -> str:
    buttons = "".join(
        frame.form(f"{request.mount}/control/clock", f"{label} later", {"hours": str(hours)}, kind="plain")
        for label, hours in JUMPS.items()
    )
    return f'<p>It is {world.clock.now():%Y-%m-%d %H:%M} UTC here.</p><div class="row">{buttons}</div>'
