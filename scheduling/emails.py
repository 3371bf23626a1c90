"""Does: tells invitee and host what has changed, once: confirmed, moved, cancelled, link ready.

What the last mails said stands on the booking (told_*); the difference to what is true now is what is owed.
"""

from enum import Enum
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import emails
from accounts.models import Attachment, Membership
from outbox import intents, outbox
from scheduling import findings, ical, places, texts
from scheduling.models import BookedEvent, Booking, Meeting, MeetingState
from scheduling.reader import Reader


class News(Enum):
    """The values are the names of the templates."""

    CONFIRMED = "booking_confirmed"
    MOVED = "booking_moved"
    CANCELLED = "booking_cancelled"
    LINK = "booking_link"
    TROUBLE = "booking_trouble"
    CHANGED = "booking_changed"


FOR_THE_HOST = (News.TROUBLE, News.CHANGED)
"""Of no concern to calendars."""


@intents.settles("booking_mails")
@transaction.atomic
def settle(booking_id: int) -> None:
    """The mails and what they have told are written together: neither twice nor never."""
    booking = _locked(booking_id)
    news = _news(booking) if booking else None
    if booking is None or news is None:
        return
    if news == News.LINK:
        _raise_sequence(booking)
    _send(booking, news, as_host=False)
    _send(booking, news, as_host=True)
    booking.told_sequence, booking.told_join_url = booking.sequence, _where(booking.meeting)
    booking.save(update_fields=["sequence", "told_sequence", "told_join_url"])


@transaction.atomic
def tell_trouble(booking_id: int) -> None:
    """The host must act. If mails about the booking are still to go out, they say so themselves."""
    booking = _locked(booking_id)
    if booking and booking.told_sequence == booking.sequence:
        _send(booking, News.TROUBLE, as_host=True)
    elif booking:
        outbox.want("booking_mails", booking_id)


@transaction.atomic
def tell_change(booking_id: int) -> None:
    """The meeting was changed at its provider, and the host is to decide."""
    booking = _locked(booking_id)
    if booking:
        _send(booking, News.CHANGED, as_host=True)


def _locked(booking_id: int) -> Booking | None:
    related = "scheduler", "host", "organization", "meeting", "booked_event"
    locked = Booking.objects.select_for_update(of=("self",)).select_related(*related)
    return locked.filter(pk=booking_id).first()


def _news(booking: Booking) -> News | None:
    if booking.told_sequence < booking.sequence or booking.told_sequence < 0:
        if booking.is_cancelled:
            return News.CANCELLED
        return News.CONFIRMED if booking.told_sequence < 0 else News.MOVED
    where = _where(booking.meeting)
    return News.LINK if where and where != booking.told_join_url and not booking.is_cancelled else None


def _where(meeting: Meeting) -> str:
    """What to remember of the place that was told; our rooms' links are secrets that are not stored."""
    return meeting.join_url or meeting.detail or (meeting.place if meeting.place in places.OURS else "")


def _raise_sequence(booking: Booking) -> None:
    """Calendars replace the event only if its sequence rises. The provider's meeting says the same as before."""
    Meeting.objects.filter(booking=booking, settled_sequence=booking.sequence).update(
        settled_sequence=F("settled_sequence") + 1
    )
    BookedEvent.objects.filter(booking=booking, settled_sequence=booking.sequence).update(
        settled_sequence=F("settled_sequence") + 1
    )
    booking.sequence += 1


def _send(booking: Booking, news: News, *, as_host: bool) -> None:
    language = booking.host.language if as_host else booking.invitee_language
    time_zone = booking.host.time_zone if as_host else booking.invitee_time_zone
    with translation.override(language), timezone.override(time_zone):
        facts = _facts(booking, Reader(time_zone), as_host)
        emails.send(
            to=booking.host.email if as_host else booking.invitee_email,
            subject=texts.line(_subject(news) % facts),
            template=news.value,
            context=facts,
            attachments=[] if news in FOR_THE_HOST else [_attachment(booking, as_host)],
        )


def _subject(news: News) -> str:
    return {
        News.CONFIRMED: _("Confirmed: %(what)s with %(who)s, %(day)s"),
        News.MOVED: _("Moved: %(what)s with %(who)s, now %(day)s"),
        News.CANCELLED: _("Cancelled: %(what)s with %(who)s, %(day)s"),
        News.LINK: _("Where you meet: %(what)s with %(who)s, %(day)s"),
        News.TROUBLE: _("Needs you: %(what)s with %(who)s, %(day)s"),
        News.CHANGED: _("Changed elsewhere: %(what)s with %(who)s, %(day)s"),
    }[news]


def _facts(booking: Booking, reader: Reader, as_host: bool) -> dict[str, Any]:
    """What the templates say; `who` is the other side."""
    meeting = booking.meeting
    join_url = "" if booking.is_cancelled else places.join_url(meeting, as_host=as_host)
    detail = meeting.detail if meeting.detail != join_url else ""
    link_follows = not join_url and meeting.place not in places.OURS
    when, zone = reader.when(booking.start, booking.end), _zone(booking, reader)
    return {
        "as_host": as_host,
        "what": booking.scheduler.name,
        "who": texts.line(booking.invitee_name if as_host else str(booking.host)),
        "email": booking.invitee_email if as_host else booking.host.email,
        "day": _("%(date)s, %(time)s") % {"date": _date(booking, reader), "time": reader.clock(booking.start)},
        "when": f"{when} ({zone})",
        "show_place": not booking.is_cancelled,
        "where": _where_in_words(meeting, detail, link_follows),
        "join_url": join_url,
        "passcode": meeting.passcode if join_url else "",
        "trouble": meeting.error if as_host else "",
        "needs_host": meeting.state in (MeetingState.FAILED, MeetingState.DETACHED),
        "changed": findings.title(booking.changed) if as_host and booking.changed else "",
        "changed_to": findings.consequence(booking.changed, reader) if as_host and booking.changed else "",
        "cancelled": booking.is_cancelled,
        "cancelled_by_host": booking.cancelled_by_host,
        "reason": booking.cancel_reason,
        "notes": booking.notes if as_host else "",
        "url": "" if as_host and _has_gone(booking) else ical.url(booking, as_host=as_host),
        "url_label": _url_label(booking, as_host),
    }


def _where_in_words(meeting: Meeting, detail: str, link_follows: bool) -> str:
    name = places.name(meeting.place)
    if link_follows:
        return _("%(place)s, the link follows by mail") % {"place": name}
    return f"{name}, {detail}" if detail else name


def _url_label(booking: Booking, as_host: bool) -> str:
    if as_host:
        return _("Open the booking")
    return _("See the booking") if booking.is_cancelled else _("Reschedule or cancel")


def _has_gone(booking: Booking) -> bool:
    """Its host does not belong to the organization any more, so its pages are closed to him."""
    return not Membership.objects.filter(organization=booking.organization_id, user=booking.host_id).exists()


def _zone(booking: Booking, reader: Reader) -> str:
    return f"{reader.time_zone.replace('_', ' ')}, {reader.offset(booking.start)}"


def _date(booking: Booking, reader: Reader) -> str:
    return reader.day(reader.local(booking.start).date())


def _attachment(booking: Booking, as_host: bool) -> Attachment:
    content_type = ical.CONTENT_TYPE.format(method=ical.method(booking))
    return Attachment(name="booking.ics", content_type=content_type, content=ical.calendar(booking, as_host=as_host))
