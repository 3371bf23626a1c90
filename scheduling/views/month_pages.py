"""The month of a booking page, kept in this process while one query says that nothing on it has changed.

That query brings all that shows, except what the host's edition stands for (editions.py). Kept under all that was
read, an answer can be too old only by the time that has passed, so the minute is part of its name too.
"""

from collections.abc import Iterator
from hashlib import blake2b

from django.conf import settings
from django.core.cache import caches
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from scheduling import intervals, places
from scheduling.models import Scheduler
from scheduling.selection import Selection
from scheduling.views import calendar

PERSONAL = frozenset({settings.SESSION_COOKIE_NAME, "messages"})
"""Cookies of those who may see something of their own on the page."""


def checkable(schedulers: QuerySet[Scheduler]) -> QuerySet[Scheduler]:
    """With all of what a month shows, as far as it has no edition, and the edition; read before the rest."""
    whole = places.announcing(schedulers.select_related("host", "schedule"))
    return whole.annotate(edition=F("host__edition__token"))


def answer(request: HttpRequest, scheduler: Scheduler, chosen: Selection) -> HttpResponse:
    """Drawn, or as it was drawn for somebody else. `scheduler` was read just now, `checkable`."""
    if not _is_for_everybody(request, chosen):
        return _drawn(request, scheduler, chosen)
    name = _name(request, scheduler, chosen)
    kept = caches["months"].get(name)
    if kept is None:
        kept = _drawn(request, scheduler, chosen).content
        caches["months"].set(name, kept)
    response = HttpResponse(kept)
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def _drawn(request: HttpRequest, scheduler: Scheduler, chosen: Selection) -> HttpResponse:
    context = {"scheduler": scheduler, "place": places.announced(scheduler)} | calendar.of(request, scheduler, chosen)
    return render(request, "scheduling/public/calendar.html", context)


def _is_for_everybody(request: HttpRequest, chosen: Selection) -> bool:
    """Nothing on it is somebody's own, and no time was asked for: that is always looked up."""
    asked = chosen.start or chosen.name or chosen.email or chosen.zone_search
    return not asked and PERSONAL.isdisjoint(request.COOKIES)


def _name(request: HttpRequest, scheduler: Scheduler, chosen: Selection) -> str:
    """Of all that an answer is made of: another value anywhere is another name."""
    read = [list(_values(row)) for row in (scheduler, scheduler.host, scheduler.schedule)]
    reader = calendar.reader_of(request, chosen.zone), get_language()
    cookies = [request.COOKIES.get(name) for name in ("theme", "time_zone")]
    made_of = (intervals.minute(timezone.now()), read, chosen, reader, cookies)
    return blake2b(repr(made_of).encode(), digest_size=32).hexdigest()


def _values(row: Model) -> Iterator[tuple[str, object]]:
    """Every field, and what was annotated."""
    return ((name, value) for name, value in vars(row).items() if not name.startswith("_"))
