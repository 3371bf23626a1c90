"""Calendars with something in them, and the pages that show it."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from accounts.models import Membership
from integrations.models import Calendar, CalendarEvent
from scheduling import places
from scheduling.models import ApplicationEvent, OutsideKind, OutsideMeeting
from tests import factories
from tests.browser.pages import Pages

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def at(day: int, hour: int) -> datetime:
    """In the week after next, Monday is day 0."""
    today = now().astimezone(BERLIN).date()
    monday = today + timedelta(days=14 - today.weekday())
    return datetime.combine(monday + timedelta(days=day), time(hour), BERLIN)


def fill(olga: Membership) -> CalendarEvent:
    """Two accounts; one of her calendars cannot be read. Answers with an event that she may change."""
    work = factories.calendar(olga, name="Work", is_main=True, receives=True)
    factories.calendar(olga, connection=work.connection, name="Family and school holidays", is_busy=False)
    away = factories.calendar(olga, name="Club")
    Calendar.objects.filter(pk=away.pk).update(
        failing_since=now() - 2 * HOUR, synced_at=now() - 2 * HOUR, problem="The calendar cannot be reached."
    )
    dentist = factories.calendar_event(work, at(0, 9), title="Dentist", location="Lange Straße 4")
    factories.calendar_event(work, at(0, 14), title="Surgery", is_private=True, location="Ward 7")
    factories.calendar_event(work, at(1, 10), minutes=90, title="Review", join_url="https://meet.example/abc")
    factories.calendar_event(work, at(3, 10), title="Lunch, if there is time", shows_as="free", blocks=False)
    days = {"first_day": at(4, 0).date(), "last_day": at(5, 0).date()}
    factories.calendar_event(work, at(4, 0), minutes=48 * 60, title="Trade fair in Hannover", **days)
    return dentist


def hold_webinar(olga: Membership) -> None:
    told = {"title": "Open day for everybody", "join_url": "https://zoom.example/w/1", "kind": OutsideKind.WEBINAR}
    times = {"start": at(2, 11), "end": at(2, 12)}
    account = factories.connection(olga)
    OutsideMeeting.objects.create(connection=account, host=olga.user, external_id="12345678901", **told, **times)


def let_make_event(olga: Membership) -> ApplicationEvent:
    """An application has made it; it is held in our own room."""
    application = factories.application(olga, name="Harbour recruiting")
    told = {"title": "Interview with Priya Thapa, second round", "place": "builtin", "state": "ready"}
    return factories.application_event(olga, start=at(4, 11), minutes=45, application=application, **told)


def of_room(event: ApplicationEvent) -> Pages:
    return {
        "room-event-host": places.event_url(event, as_host=True),
        "room-event": places.event_url(event),
    }


def of_member(olga: Membership, event: CalendarEvent) -> Pages:
    here, day = f"/o/{olga.organization.slug}/calendar", at(0, 9).date().isoformat()
    views = {f"calendar-{view}": f"{here}?view={view}&day={day}" for view in ("week", "month", "agenda")}
    return views | {
        "calendar-event": f"{here}/{event.uid}",
        "calendar-empty": f"{here}?view=agenda&day=2031-01-01",
        "calendars": "/account/calendars",
        "delegates": "/account/delegates",
    }


def of_delegate(olga: Membership) -> Pages:
    slug, day = olga.organization.slug, at(0, 9).date().isoformat()
    return {
        "delegate-calendar": f"/o/{slug}/calendar?of={olga.user.custom_url}&day={day}",
        "delegate-bookings": f"/o/{slug}/bookings?of={olga.user.custom_url}",
        "delegate-delegates": "/account/delegates",
    }
