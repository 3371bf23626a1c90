"""/api/v1; each route says which scope it needs (authentication.py)."""

from scheduling.api import availability, bookings, conferencing, door, events, me, members, schedulers, webhooks
from scheduling.api.document import api

api.add_router("/me", me.router)
api.add_router("/conferencing", conferencing.router)
api.add_router("/organization", members.router)
api.add_router("/schedulers", schedulers.router)
api.add_router("/bookings", bookings.router)
api.add_router("/events", events.router)
api.add_router("/availability", availability.router)
api.add_router("/webhooks", webhooks.router)

urlpatterns = door.mounted("api/v1", api)
