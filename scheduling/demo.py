"""Fills an organization, so that every page can be seen full: schedulers, accounts at simulated providers, bookings,
calendars.

Done twice, it doubles nothing. What stands at the provider follows as soon as that answers.
"""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership
from integrations import defaults, rehearsal
from integrations.exceptions import ProviderError
from outbox import intents, outbox
from outbox.models import Intent
from scheduling import bookings, places, queries, schedules, slots
from scheduling.demo_cast import (
    ACCOUNTS,
    AFTERNOONS,
    CALENDARS,
    COMING,
    OFFERS,
    OTHERS_CALENDARS,
    PAST,
    PROVIDER,
    Guest,
    Offer,
)
from scheduling.exceptions import SlotTaken
from scheduling.models import Booking, Meeting, MeetingState, Schedule, Scheduler
from scheduling.types import InviteeDetails


@transaction.atomic
def fill(membership: Membership) -> None:
    for offer in OFFERS:
        _offer(membership, offer)
    for guest in _guests(membership, ours=True):
        _welcome(membership, guest)
    for number, past in enumerate(PAST):
        _remember(membership, number, *past)
    outbox.want("demo", membership.pk)


@intents.settles("demo")
def settle(membership_id: int) -> None:
    """Go to the provider, and book what is held there."""
    membership = Membership.objects.select_related("user", "organization").get(pk=membership_id)
    try:
        accounts = [rehearsal.connect(membership, PROVIDER, email) for email in ACCOUNTS]
        _open_calendars(membership)
    except ProviderError as error:
        raise intents.Later(error.sentence, after=timedelta(seconds=3)) from error
    if not defaults.default_of(membership).chosen:
        defaults.make_default(membership, PROVIDER, accounts[0])
    for offer in OFFERS:
        if offer.account is not None:
            queries.schedulers(membership).filter(slug=offer.slug, connection=None).update(
                connection=accounts[offer.account]
            )
    for guest in _guests(membership, ours=False):
        _welcome(membership, guest)


def _open_calendars(membership: Membership) -> None:
    """Before those guests come, so that nobody books where something stands."""
    provider, email = CALENDARS.get(membership.user.email, OTHERS_CALENDARS)
    if rehearsal.is_played(provider) and not rehearsal.connect_calendars(membership, provider, email):
        raise intents.Later(_("The calendars are being read."), after=timedelta(seconds=1))


def _offer(membership: Membership, offer: Offer) -> Scheduler:
    terms = {
        "name": offer.name,
        "description": offer.description,
        "durations": offer.durations,
        "place": offer.place,
        "place_detail": offer.detail,
        "schedule": _afternoons(membership) if offer.afternoons else schedules.default_for(membership),
    }
    found, _new = Scheduler.objects.get_or_create(
        host=membership.user,
        slug=offer.slug,
        defaults=terms | {"organization": membership.organization} | offer.more,
    )
    return found


def _afternoons(membership: Membership) -> Schedule:
    name = _("Afternoons")
    found = queries.schedules(membership).filter(name=name).first()
    closed = {(now() + timedelta(days=days)).date(): () for days in (12, 13)}
    return found or schedules.create(
        membership, name=name, time_zone=membership.user.time_zone, weekly=AFTERNOONS, overrides=closed
    )


def _guests(membership: Membership, *, ours: bool) -> list[tuple[Scheduler, Guest, UUID]]:
    """Those who did not book yet, at our own places or at the provider's."""
    mine = {scheduler.slug: scheduler for scheduler in queries.schedulers(membership)}
    wanted = []
    for guest in COMING:
        scheduler, key = mine.get(guest.offer), _key(membership, guest.email)
        known = Booking.objects.filter(submission_key=key).exists()
        if scheduler and not known and (scheduler.place in places.OURS) == ours:
            wanted.append((scheduler, guest, key))
    return wanted


@transaction.atomic
def _welcome(membership: Membership, wanted: tuple[Scheduler, Guest, UUID]) -> None:
    scheduler, guest, key = wanted
    start = _start(scheduler, guest)
    if start is None:
        return
    invitee = InviteeDetails(guest.name, guest.email, guest.time_zone, notes=guest.notes)
    try:
        booking = bookings.book(scheduler, start=start, duration=scheduler.durations[0], invitee=invitee, key=key)
    except SlotTaken:  # by somebody real, just now
        return
    if guest.ends == "cancelled":
        bookings.cancel(booking, by=membership.user, reason=_("I am away that day, sorry. Please choose another."))
    elif guest.ends == "failed":
        _fail(booking)


def _start(scheduler: Scheduler, guest: Guest) -> datetime | None:
    today = now().astimezone(scheduler.host.zone).date()
    days = slots.by_day(
        scheduler,
        duration=scheduler.durations[0],
        first=today,
        last=today + timedelta(days=21),
        time_zone=scheduler.host.time_zone,
    )
    free = [starts for _day, starts in sorted(days.items())]
    return free[guest.day][guest.position % len(free[guest.day])] if guest.day < len(free) else None


def _fail(booking: Booking) -> None:
    """Its link could not be made: "Try now" makes it."""
    sentence = _("This %(place)s user may not host meetings: the licence for meetings is missing.")
    sentence %= {"place": places.name(PROVIDER)}
    detail = "HTTP 400, code 3161: Meeting hosting and scheduling capabilities are not allowed for your user account."
    Meeting.objects.filter(booking=booking).update(state=MeetingState.FAILED, error=sentence, error_detail=detail)
    Intent.objects.filter(kind="meeting", subject=booking.pk).update(stopped=True, last_error=sentence)


def _remember(
    membership: Membership, number: int, name: str, email: str, time_zone: str, slug: str, ago: timedelta
) -> None:
    """A booking of the past; nobody is told about it now."""
    scheduler, key = Scheduler.objects.get(host=membership.user, slug=slug), _key(membership, f"past {number}")
    if Booking.objects.filter(submission_key=key).exists():
        return
    start = (now() - ago).replace(minute=0, second=0, microsecond=0)
    end = start + timedelta(minutes=scheduler.durations[0])
    booking = Booking.objects.create(
        organization=membership.organization,
        scheduler=scheduler,
        host=membership.user,
        start=start,
        end=end,
        busy_start=start,
        busy_end=end,
        invitee_name=name,
        invitee_email=email,
        invitee_time_zone=time_zone,
        submission_key=key,
        told_sequence=0,
    )
    Meeting.objects.create(booking=booking, place=places.BUILTIN, state=MeetingState.READY, settled_sequence=0)


def _key(membership: Membership, what: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"bridge-demo/{membership.pk}/{what}")
