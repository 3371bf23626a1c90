"""The simulated Zoom as tests and the try-out hold it: a WSGI application with handles on its world."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators.clock import Clock
from integrations.simulators.faults import Faults
from integrations.simulators.zoom import audience, history, lifecycle, seed
from integrations.simulators.zoom.app import ZoomApplication
from integrations.simulators.zoom.handles.apps import Apps
from integrations.simulators.zoom.handles.meetings import Meetings
from integrations.simulators.zoom.handles.people import People
from integrations.simulators.zoom.handles.webhooks import Hooks
from integrations.simulators.zoom.limits import Limits
from integrations.simulators.zoom.records import USER_SCOPES
from integrations.simulators.zoom.world import Call, Switches, World


class ZoomSimulator(Apps, People, Meetings, Hooks):
    """Users may be named by id or email everywhere; an app need not be named while there is only one."""

    def __init__(
        self,
        client_id: str = "zoom-client",
        client_secret: str = "zoom-secret",  # noqa: S107 (a simulated one)
        redirect_uris: Sequence[str] = (),
        *,
        app_name: str = "Bridge",
        scopes: Sequence[str] = USER_SCOPES,
        cast: bool = True,
    ) -> None:
        self.world = World()
        self.application = ZoomApplication(self.world)
        self.add_app(client_id, client_secret, redirect_uris, name=app_name, scopes=tuple(scopes))
        audience.follow(self.world)
        history.follow(self.world)
        self.clock.on_advance(lambda: lifecycle.tick(self.world))
        if cast:
            seed.cast(self.world)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.application(environ, start_response)

    @property
    def clock(self) -> Clock:
        return self.world.clock

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def limits(self) -> Limits:
        return self.world.limits

    @property
    def switches(self) -> Switches:
        return self.world.switches

    @property
    def calls(self) -> list[Call]:
        """The last 10,000 requests, oldest first."""
        return list(self.world.calls)

    def advance(self, **by: float) -> datetime:
        """advance(days=1): the clock goes on, and what falls due happens."""
        self.clock.advance(timedelta(**by))
        return self.clock.now()
