"""The WSGI application; in the try-out with the simulated Zoom mounted beside it, on the same origin."""

import os
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from integrations.simulators.server import mounted
from integrations.simulators.zoom.memory import Remembering
from integrations.simulators.zoom.simulator import ZoomSimulator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridge.settings")


def simulated_zoom() -> WSGIApplication:
    callback = f"{settings.BASE_URL}/connect/zoom/callback"
    zoom = ZoomSimulator(settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET, [callback])
    return Remembering(zoom, settings.VAR_DIR / "simulated-zoom.pickle")


application: WSGIApplication = get_wsgi_application()
if settings.SIMULATORS:
    application = mounted(simulated_zoom(), settings.SIMULATED_ZOOM_PATH, otherwise=application)
