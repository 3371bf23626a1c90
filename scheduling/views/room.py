"""The built-in room, for now: who is expected when. It has no video yet, and does not say that it has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling import manage_links
from scheduling.views import calendar
from scheduling.views.secret import secret_page


@require_safe
@secret_page
def room(request: HttpRequest, secret: str) -> HttpResponse:
    booking, is_host = manage_links.find_room(secret)
    zone = booking.host.time_zone if is_host else booking.invitee_time_zone
    context = {
        "booking": booking,
        "is_host": is_host,
        "reader": calendar.reader_of(request, zone),
        "now": timezone.now(),
    }
    return render(request, "scheduling/room/page.html", context)
