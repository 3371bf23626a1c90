"""The simulators of the try-out, each below its own path beside Django, on the same origin."""

from collections.abc import Callable
from wsgiref.types import WSGIApplication

from django.conf import settings

from integrations.simulators.exchange.memory import Remembering as ExchangeRemembering
from integrations.simulators.exchange.simulator import ExchangeSimulator
from integrations.simulators.google import tryout as google_tryout
from integrations.simulators.google.memory import Remembering as GoogleRemembering
from integrations.simulators.google.simulator import GoogleSimulator
from integrations.simulators.microsoft import tryout as microsoft_tryout
from integrations.simulators.microsoft.memory import Remembering as MicrosoftRemembering
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.simulators.server import mounted
from integrations.simulators.zoom import tryout
from integrations.simulators.zoom.memory import Remembering
from integrations.simulators.zoom.records import Kind
from integrations.simulators.zoom.simulator import ZoomSimulator


def zoom() -> WSGIApplication:
    personal, organization = (f"{settings.BASE_URL}/connect/zoom{path}/callback" for path in ("", "/organization"))
    zoom = ZoomSimulator(settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET, [personal])
    zoom.add_app(
        settings.ZOOM_ADMIN_CLIENT_ID,
        settings.ZOOM_ADMIN_CLIENT_SECRET,
        [organization],
        name="Bridge for organizations",
        kind=Kind.ADMIN_MANAGED,
    )
    remembering = Remembering(zoom, settings.VAR_DIR / "simulated-zoom.pickle")
    tryout.furnish(zoom, [personal, organization])
    if settings.ZOOM_OAUTH_URL == settings.BASE_URL + settings.SIMULATED_ZOOM_PATH:
        tell_bridge(zoom)
    return remembering


def tell_bridge(zoom: ZoomSimulator) -> None:
    """Webhooks, from a thread: they are validated and sent once this process serves."""
    hooks = f"{settings.BASE_URL}/webhooks/zoom"
    zoom.announce(f"{hooks}/personal", settings.ZOOM_CLIENT_ID, secret=settings.ZOOM_WEBHOOK_SECRET)
    zoom.announce(f"{hooks}/organization", settings.ZOOM_ADMIN_CLIENT_ID, secret=settings.ZOOM_ADMIN_WEBHOOK_SECRET)
    zoom.webhooks.signs_in_real_time = True
    zoom.webhooks.run_always(every=0.3)


def google() -> WSGIApplication:
    callback = f"{settings.BASE_URL}/connect/google/callback"
    google = GoogleSimulator(settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET, [callback])
    remembering = GoogleRemembering(google, settings.VAR_DIR / "simulated-google.pickle")
    google_tryout.furnish(google)
    google.push.https_only = False
    google.push.run_always()
    return remembering


def microsoft() -> WSGIApplication:
    callbacks = [f"{settings.BASE_URL}/connect/microsoft/{path}" for path in ("callback", "consent")]
    microsoft = MicrosoftSimulator(settings.MICROSOFT_CLIENT_ID, settings.MICROSOFT_CLIENT_SECRET, callbacks)
    remembering = MicrosoftRemembering(microsoft, settings.VAR_DIR / "simulated-microsoft.pickle")
    microsoft_tryout.furnish(microsoft)
    microsoft.notifications.run_always(every=0.3)
    return remembering


def exchange() -> WSGIApplication:
    return ExchangeRemembering(ExchangeSimulator(), settings.VAR_DIR / "simulated-exchange.pickle")


def simulators() -> dict[str, Callable[[], WSGIApplication]]:
    """By the path that each hangs at."""
    return {
        settings.SIMULATED_ZOOM_PATH: zoom,
        settings.SIMULATED_EXCHANGE_PATH: exchange,
        settings.SIMULATED_GOOGLE_PATH: google,
        settings.SIMULATED_MICROSOFT_PATH: microsoft,
    }


def beside(application: WSGIApplication) -> WSGIApplication:
    """`application` with all of them."""
    for path, simulator in simulators().items():
        application = mounted(simulator(), path, otherwise=application)
    return application
