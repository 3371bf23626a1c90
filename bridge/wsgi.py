"""The WSGI application; in the try-out with the simulated Zoom mounted beside it, on the same origin."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridge.settings")

application = get_wsgi_application()
