"""The WSGI application; in the try-out with the simulated providers mounted beside it, on the same origin."""

import os
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from bridge import simulated

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridge.settings")

application: WSGIApplication = get_wsgi_application()
if settings.SIMULATORS:
    application = simulated.beside(application)
