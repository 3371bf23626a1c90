"""/api/v1; each route says which scope it needs (authentication.py)."""

from scheduling.api import door, me
from scheduling.api.document import api

api.add_router("/me", me.router)

urlpatterns = [door.mounted("api/v1/", api)]
