"""The dashboard. The public pages are in urls_public.py."""

from django.conf import settings
from django.urls import path

from scheduling.views import (
    availability,
    booking_changes,
    booking_decisions,
    bookings,
    contacts,
    demo,
    feeds,
    importing,
    onboarding,
    planner,
    room_policy,
    schedulers,
    webhooks,
)

_WEBHOOKS = "o/<slug:organization>/applications/<uuid:uid>/webhooks"
_DELIVERY = f"{_WEBHOOKS}/<uuid:webhook>/deliveries/<uuid:delivery>"

urlpatterns = [
    path("dashboard/", onboarding.dashboard, name="dashboard"),
    path("dashboard/schedules", onboarding.dashboard, name="dashboard_schedules"),
    path("o/<slug:organization>/schedules", schedulers.page, name="schedulers"),
    path("o/<slug:organization>/schedules/new", schedulers.new, name="scheduler_new"),
    path("o/<slug:organization>/schedules/import", importing.page, name="scheduler_import"),
    path("o/<slug:organization>/schedules/<slug:scheduler>", schedulers.edit, name="scheduler_edit"),
    path("o/<slug:organization>/schedules/<slug:scheduler>/preview", schedulers.preview, name="scheduler_preview"),
    path("o/<slug:organization>/schedules/<slug:scheduler>/switch", schedulers.switch, name="scheduler_switch"),
    path("o/<slug:organization>/schedules/<slug:scheduler>/delete", schedulers.delete, name="scheduler_delete"),
    path("o/<slug:organization>/availability", availability.page, name="availability"),
    path("o/<slug:organization>/availability/new", availability.new, name="schedule_new"),
    path("o/<slug:organization>/availability/<uuid:uid>", availability.edit, name="schedule_edit"),
    path("o/<slug:organization>/availability/<uuid:uid>/delete", availability.delete, name="schedule_delete"),
    path("o/<slug:organization>/integrations/room", room_policy.page, name="room_policy"),
    path("o/<slug:organization>/calendar", planner.page, name="calendar"),
    path("o/<slug:organization>/calendar/<uuid:uid>", planner.event, name="event"),
    path("o/<slug:organization>/calendar/<uuid:uid>/delete", planner.delete, name="event_delete"),
    path("o/<slug:organization>/contacts", contacts.page, name="contacts"),
    path("o/<slug:organization>/contacts/save", contacts.save, name="contact_save"),
    path("o/<slug:organization>/contacts/suggestions", contacts.suggestions, name="contact_suggestions"),
    path("account/calendars/feed", feeds.page, name="feed"),
    path("account/calendars/feed/renew", feeds.renew, name="feed_renew"),
    path("account/calendars/feed/end", feeds.end, name="feed_end"),
    path("o/<slug:organization>/bookings", bookings.page, name="bookings"),
    path("o/<slug:organization>/bookings/export", bookings.export, name="bookings_export"),
    path("o/<slug:organization>/bookings/<uuid:uid>", bookings.booking, name="booking"),
    path("o/<slug:organization>/bookings/<uuid:uid>/retry", bookings.retry, name="booking_retry"),
    path("o/<slug:organization>/bookings/<uuid:uid>/cancel", booking_changes.cancel, name="booking_cancel"),
    path("o/<slug:organization>/bookings/<uuid:uid>/reschedule", booking_changes.reschedule, name="booking_reschedule"),
    path("o/<slug:organization>/bookings/<uuid:uid>/follow", booking_decisions.follow, name="booking_follow"),
    path("o/<slug:organization>/bookings/<uuid:uid>/restore", booking_decisions.restore, name="booking_restore"),
    path("o/<slug:organization>/bookings/<uuid:uid>/place", booking_changes.place, name="booking_place"),
    path(_WEBHOOKS, webhooks.page, name="webhooks"),
    path(f"{_WEBHOOKS}/new", webhooks.new, name="webhook_new"),
    path(f"{_WEBHOOKS}/<uuid:webhook>", webhooks.webhook, name="webhook_one"),
    path(f"{_WEBHOOKS}/<uuid:webhook>/edit", webhooks.edit, name="webhook_edit"),
    path(f"{_WEBHOOKS}/<uuid:webhook>/secret", webhooks.secret, name="webhook_secret"),
    path(f"{_WEBHOOKS}/<uuid:webhook>/<slug:verb>", webhooks.act, name="webhook_act"),
    path(_DELIVERY, webhooks.delivery, name="webhook_delivery"),
    path(f"{_DELIVERY}/again", webhooks.send_again, name="webhook_send_again"),
]

if settings.SIMULATORS:
    urlpatterns += [path("tryout/demo", demo.load, name="load_demo")]
