"""What invitees see. Included last: /<custom-url> takes whatever no other page is named after."""

from django.urls import URLPattern, URLResolver, path

from scheduling.views import manage, public, room

urlpatterns: list[URLPattern | URLResolver] = [
    path("b/<str:secret>", manage.manage, name="manage"),
    path("b/<str:secret>/reschedule", manage.reschedule, name="manage_reschedule"),
    path("b/<str:secret>/cancel", manage.cancel, name="manage_cancel"),
    path("b/<str:secret>/booking.ics", manage.ics, name="manage_ics"),
    path("room/<str:secret>", room.room, name="room"),
    path("<slug:custom_url>", public.person, name="person"),
    path("<slug:custom_url>/<slug:scheduler>", public.booking_page, name="booking_page"),
]
