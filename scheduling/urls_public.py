"""What invitees see. Included last: /<custom-url> takes whatever no other page is named after."""

from django.urls import URLPattern, URLResolver, path

from scheduling.views import calls, feeds, manage, public, room

urlpatterns: list[URLPattern | URLResolver] = [
    path("b/<str:secret>", manage.manage, name="manage"),
    path("b/<str:secret>/reschedule", manage.reschedule, name="manage_reschedule"),
    path("b/<str:secret>/cancel", manage.cancel, name="manage_cancel"),
    path("b/<str:secret>/booking.ics", manage.ics, name="manage_ics"),
    path("feeds/<str:secret>.ics", feeds.file, name="feed_file"),
    path("room/<str:secret>", room.room, name="room"),
    path("room/<str:secret>/enter", calls.enter, name="room_enter"),
    path("room/<str:secret>/exchange", calls.exchange, name="room_exchange"),
    path("room/<str:secret>/admit", calls.admit, name="room_admit"),
    path("room/<str:secret>/refuse", calls.refuse, name="room_refuse"),
    path("room/<str:secret>/leave", calls.leave, name="room_leave"),
    path("<slug:custom_url>", public.person, name="person"),
    path("<slug:custom_url>/<slug:scheduler>", public.booking_page, name="booking_page"),
]
