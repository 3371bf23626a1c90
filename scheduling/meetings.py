"""Does: brings the provider's meeting to what the booking says now: makes, moves or removes it.

It may run twice, late, or after a crash at any point. What may have happened is looked for before it is repeated, no
call is made inside a transaction, and an answer is written only if the row is still the one that was asked about.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from integrations import conferencing, retries
from integrations.exceptions import AuthorizationLost, ProviderError, ProviderUnavailable, RateLimited, RequestRejected
from integrations.models import Connection
from integrations.types import CreatedMeeting, MeetingRequest
from outbox import intents, outbox
from scheduling import booked_events, cut_off, emails, hosting, leftovers, making, news, places, queries, texts
from scheduling.models import NO_CHANGE, EventType, Meeting, MeetingState


@intents.settles("meeting")
def settle(booking_id: int) -> None:
    meeting = queries.meeting(booking_id)
    if meeting is None or _is_in_step(meeting):
        return
    with translation.override(meeting.booking.host.language):
        _settle(meeting)


def cut(connection: Connection, *, host: User | None = None) -> None:
    """The account is gone, for all or for `host`. Coming meetings keep their links, later changes are not carried over;
    the hosts are told, each in his language.
    """
    coming = queries.meetings_using(connection)
    coming = coming.filter(booking__host=host) if host else coming
    for language in list(coming.order_by().values_list("booking__host__language", flat=True).distinct()):
        with translation.override(language):
            _cut(coming.filter(booking__host__language=language), connection.grant.provider)


def wake(connection: Connection, *, host: User | None = None) -> None:
    """The account works (again): what waited for it goes on; of `host`'s alone, where only he can use it again."""
    waiting = queries.meetings_waiting_for(connection)
    waiting = waiting.filter(booking__host=host) if host else waiting
    in_step = waiting.filter(settled_sequence=F("booking__sequence"), booking__status="confirmed")
    in_step.update(state=MeetingState.READY, error="", error_detail="")
    for booking_id in waiting.exclude(state=MeetingState.READY).values_list("booking", flat=True):
        outbox.want("meeting", booking_id)


def _cut(coming: QuerySet[Meeting], place: str) -> None:
    made, unmade = ~Q(external_id=""), Q(external_id="", attempted_at=None)
    warning = f"{cut_off.cause(place)} {cut_off.later_changes(place)}"
    coming.filter(made).update(state=MeetingState.DETACHED, error=warning, error_detail="")
    no_link = f"{cut_off.cause(place)} {cut_off.no_link(place)}"
    coming.filter(unmade).update(state=MeetingState.FAILED, error=no_link, error_detail="")


def _is_in_step(meeting: Meeting) -> bool:
    if meeting.state == MeetingState.REMOVED:
        return True
    return meeting.state == MeetingState.READY and meeting.settled_sequence >= meeting.booking.sequence


def _settle(meeting: Meeting) -> None:
    """Every failure becomes a sentence on the meeting, and what the outbox does next."""
    with retries.left_to_the_outbox():
        try:
            _bring(meeting)
        except AuthorizationLost as lost:
            state = MeetingState.DETACHED if meeting.external_id else MeetingState.FAILED
            _need_host(meeting, state, f"{lost.sentence} {cut_off.consequence(meeting)}", lost.detail)
            raise intents.Stop(meeting.error) from lost
        except RequestRejected as rejected:
            _need_host(meeting, MeetingState.FAILED, rejected.sentence, rejected.detail)
            raise
        except (RateLimited, ProviderUnavailable) as error:
            _note(meeting, error)
            raise


def _bring(meeting: Meeting) -> None:
    booking = meeting.booking
    never_asked = not meeting.external_id and meeting.attempted_at is None
    if booking.is_cancelled and (never_asked or meeting.place in places.OURS):
        _removed(meeting)
    elif meeting.place in places.OURS:
        _write(meeting, state=MeetingState.READY, settled_sequence=booking.sequence)
    elif booking.is_cancelled:
        _remove(meeting, _account(meeting))
    elif booking.end <= now():
        _give_up(meeting)
    elif meeting.external_id:
        _move(meeting, _account(meeting))
    else:
        _make(meeting, _account(meeting))


def _give_up(meeting: Meeting) -> None:
    """Too late to matter, so nobody is bothered with a mail."""
    sentence = _("This booking is over, so nothing is changed any more.")
    state = meeting.state if meeting.external_id else MeetingState.FAILED
    _write(meeting, state=state, error=sentence)
    raise intents.Stop(sentence)


def _account(meeting: Meeting) -> Connection:
    """The host's account that holds this meeting. One not made yet may use an account connected since."""
    booking = meeting.booking
    if meeting.connection is None and not meeting.external_id:
        found = places.at(meeting.place, host=booking.host, organization_id=booking.organization_id)
        _write(meeting, connection=found.connection, account_email=found.account)
        if found.problem:
            raise AuthorizationLost(found.problem)
    connection = meeting.connection
    if connection is None or not connection.is_usable or not hosting.serves(connection, booking.host):
        raise AuthorizationLost(cut_off.cause(meeting.place))
    return connection


def _make(meeting: Meeting, connection: Connection, *, note: str = "") -> None:
    created = making.make(
        connection,
        _request(meeting),
        host=meeting.booking.host,
        attempted_at=meeting.attempted_at,
        note=lambda moment: _asked(meeting, moment),
    )
    if not _shown(meeting, created, note=note):
        _discard(meeting, connection, created)


def _asked(meeting: Meeting, moment: datetime | None) -> None:
    """Whoever comes after us knows that we asked, and when, even if we do not live to see the answer."""
    _write(meeting, attempted_at=moment)


def _move(meeting: Meeting, connection: Connection) -> None:
    try:
        shown = conferencing.update_meeting(connection, meeting.external_id, _request(meeting))
    except RequestRejected as rejected:
        if not rejected.missing:
            raise
        _forget(meeting)
        note = _("The meeting was no longer at %(place)s, so a new one was made.") % {
            "place": places.name(meeting.place)
        }
        _make(meeting, connection, note=note)
    else:
        _shown(meeting, shown)


def _remove(meeting: Meeting, connection: Connection) -> None:
    external_id = meeting.external_id
    if not external_id:
        host, attempted_at = meeting.booking.host, meeting.attempted_at or now()
        found = making.left_behind(connection, _request(meeting), host=host, attempted_at=attempted_at)
        external_id = found.external_id if found else ""
    if external_id:
        conferencing.delete_meeting(connection, external_id)
    _removed(meeting)


def _forget(meeting: Meeting) -> None:
    """The provider has lost it."""
    gone = {"external_id": "", "join_url": "", "passcode": "", "attempted_at": None, "settled_sequence": -1}
    _write(meeting, state=MeetingState.WAITING, **gone)


def _discard(meeting: Meeting, connection: Connection, created: CreatedMeeting) -> None:
    """Another place was chosen while we were asking. Not if another worker has adopted the very same meeting."""
    current = Meeting.objects.filter(booking=meeting.booking_id).first()
    if current is None or current.external_id != created.external_id:
        conferencing.delete_meeting(connection, created.external_id)


@transaction.atomic
def _shown(meeting: Meeting, shown: CreatedMeeting, *, note: str = "") -> bool:
    """The provider shows the booking as we read it. False: the row is not the one we asked about any more."""
    is_new = meeting.join_url != shown.join_url
    kept = _write(
        meeting,
        external_id=shown.external_id,
        join_url=shown.join_url,
        passcode=shown.passcode,
        state=MeetingState.READY,
        settled_sequence=meeting.booking.sequence,
        settled_at=now(),
        error=note,
        error_detail="",
        **NO_CHANGE,
    )
    if kept:
        outbox.want("booking_mails", meeting.booking_id)
        booked_events.link_is_known(meeting.booking_id)
    if kept and is_new:
        news.tell(EventType.BOOKING_READY, meeting.booking)
    return kept


@transaction.atomic
def _removed(meeting: Meeting) -> None:
    _write(
        meeting,
        state=MeetingState.REMOVED,
        join_url="",
        passcode="",
        settled_sequence=meeting.booking.sequence,
        settled_at=now(),
        error="",
        error_detail="",
    )
    outbox.want("booking_mails", meeting.booking_id)


@transaction.atomic
def _need_host(meeting: Meeting, state: MeetingState, error: str, detail: str) -> None:
    """Told once: in the mail that is still to go out, else in one of its own."""
    is_news = meeting.error != error
    if _write(meeting, state=state, error=error, error_detail=detail) and is_news:
        emails.tell_trouble(meeting.booking_id)


def _note(meeting: Meeting, error: ProviderError) -> None:
    """If another place was chosen meanwhile, nobody will look for what this try has made."""
    if not _write(meeting, error=error.sentence, error_detail=error.detail):
        leftovers.clear(meeting)


def _write(meeting: Meeting, **changes: object) -> bool:
    """Unless another worker has made or lost the meeting meanwhile, or the host has chosen another place."""
    mine = Meeting.objects.filter(pk=meeting.pk, external_id=meeting.external_id)
    for name, value in changes.items():
        setattr(meeting, name, value)
    return bool(mine.update(**changes))


def _request(meeting: Meeting) -> MeetingRequest:
    booking = meeting.booking
    by = _("Booked by %(name)s, %(email)s") % {"name": booking.invitee_name, "email": booking.invitee_email}
    return MeetingRequest(
        topic=texts.line(f"{booking.scheduler.name}: {booking.invitee_name} – {booking.host}"),
        start=booking.start,
        duration=booking.duration,
        time_zone=booking.host.time_zone,
        marker=meeting.marker,
        agenda=texts.lines(f"{by}\n\n{booking.notes}"),
    )
