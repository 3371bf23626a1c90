"""The simulated Microsoft as tests and the try-out hold it: a WSGI application with handles on its world."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators.clock import Clock
from integrations.simulators.faults import Faults
from integrations.simulators.microsoft import control, seed
from integrations.simulators.microsoft.app import MicrosoftApplication
from integrations.simulators.microsoft.handles.calendars import Calendars
from integrations.simulators.microsoft.notifications import Notifications
from integrations.simulators.microsoft.records import Subscription
from integrations.simulators.microsoft.world import Call, Switches, World


class MicrosoftSimulator(Calendars):
    """Users may be named by id or address everywhere; an app need not be named while there is only one."""

    def __init__(
        self,
        client_id: str = "microsoft-client",
        client_secret: str = "microsoft-secret",  # noqa: S107 (a simulated one)
        redirect_uris: Sequence[str] = (),
        *,
        app_name: str = "Bridge",
        cast: bool = True,
    ) -> None:
        self.world = World()
        self.application = MicrosoftApplication(self.world)
        self.notifications = Notifications(self.world)
        self.add_app(client_id, client_secret, redirect_uris, name=app_name)
        control.attach(self.world, self.notifications)
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
    def switches(self) -> Switches:
        return self.world.switches

    @property
    def calls(self) -> list[Call]:
        """The last 10,000 requests, oldest first."""
        return list(self.world.calls)

    @property
    def subscriptions(self) -> list[Subscription]:
        return list(self.world.subscriptions.values())

    def advance(self, **by: float) -> datetime:
        """advance(days=1): the clock goes on."""
        self.clock.advance(timedelta(**by))
        return self.clock.now()

    def forget_delta_tokens(self) -> None:
        """Every link that was given out is answered with 410."""
        with self.world.lock:
            self.world.chains.clear()

    def expire_subscriptions(self) -> None:
        with self.world.lock:
            self.world.subscriptions.clear()

    def throttle(self, user: str, seconds: str | None = "5") -> None:
        """Until calm(): 429 for this mailbox; None leaves Retry-After out."""
        self.world.throttled[self.user(user).id] = seconds

    def calm(self) -> None:
        self.world.throttled.clear()

    def lifecycle(self, event: str) -> None:
        """Every subscription is told: reauthorizationRequired, subscriptionRemoved or missed."""
        for subscription in self.subscriptions:
            self.notifications.lifecycle(subscription, event)

    def rotate_keys(self) -> None:
        self.world.key += 1

    def secrets(self) -> list[str]:
        """What must not be seen anywhere: its apps' secrets and all tokens that live."""
        world = self.world
        with world.lock:
            return [app.client_secret for app in world.apps.values()] + [*world.access_tokens, *world.refresh_tokens]
