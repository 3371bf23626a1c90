"""Which pages there are: the name of its screenshots, and the path of each."""

from datetime import timedelta
from urllib.parse import urlencode

from django.utils.timezone import now

from accounts.models import Email, Membership
from integrations.models import Connection
from scheduling import manage_links, openings
from scheduling.models import Booking, Meeting, Schedule, Scheduler
from scheduling.selection import Selection

Pages = dict[str, str]

STRANGERS: Pages = {
    "home": "/",
    "sign-in": "/account/login/",
    "sign-up": "/account/signup/",
    "password-reset": "/account/password/reset/",
    "help-zoom": "/help/zoom",
    "developers": "/developers?in=python",
    "developers-errors": "/developers/errors",
    "mailbox-empty": "/tryout/mails",
    "not-found": "/no/such/page",
}
ACCOUNT: Pages = {
    "profile": "/account/profile",
    "conferencing": "/account/conferencing",
    "conferencing-add": "/account/conferencing/add",
    "password-change": "/account/password/change/",
    "email-addresses": "/account/email/",
    "sign-out": "/account/logout/",
    "stale-authorization": "/connect/zoom/callback?state=stale",
}
SHOWN = ("today", "upcoming", "attention", "past", "cancelled")


def of_newcomer(member: Membership) -> Pages:
    """The same pages as below, with nothing in them yet."""
    base = f"/o/{member.organization.slug}"
    return {
        "newcomer-schedulers": f"{base}/schedules?panel=open",
        "newcomer-bookings": f"{base}/bookings",
        "newcomer-availability": f"{base}/availability",
        "newcomer-scheduler-new": f"{base}/schedules/new",
        "newcomer-not-found": f"{base}/bookings/{member.organization.slug}",
    }


def of_host(member: Membership) -> Pages:
    base = f"/o/{member.organization.slug}"
    account = Connection.objects.filter(membership=member).order_by("pk").first()
    tabs = {f"bookings-{shown}": f"{base}/bookings?show={shown}" for shown in SHOWN}
    return {
        "schedulers": f"{base}/schedules",
        "schedulers-panel": f"{base}/schedules?panel=open",
        "bookings-found-none": f"{base}/bookings?q=nobody",
        **tabs,
        **_of_schedulers(f"{base}/schedules"),
        **_of_availability(f"{base}/availability"),
        **_of_bookings(f"{base}/bookings"),
        "disconnect": f"/account/conferencing/{account.uid}/disconnect" if account else "",
    }


def of_changed(member: Membership) -> Pages:
    """Of the demo's meetings at Zoom two were moved there, one of them to where the host is busy, and one deleted."""
    base, coming, a_month = f"/o/{member.organization.slug}/bookings", _coming(), timedelta(days=30)
    others = Meeting.objects.filter(place="zoom", state="ready").exclude(booking=coming).order_by("booking__start")
    gone, free = others[0].booking, others[1].booking
    news = {"change_found_at": now(), "started_at": now()}
    taken = {"changed_start": free.start, "changed_end": free.end}
    later = {"changed_start": free.start + a_month, "changed_end": free.end + a_month, "ended_at": now()}
    Meeting.objects.filter(booking=gone).update(change="deleted", **news)
    Meeting.objects.filter(booking=coming).update(change="moved", **news, **taken)
    Meeting.objects.filter(booking=free).update(change="moved", **news, **later)
    return {
        "booking-moved-taken": f"{base}/{coming.uid}",
        "booking-moved": f"{base}/{free.uid}",
        "booking-deleted": f"{base}/{gone.uid}",
        "bookings-changed": f"{base}?show=attention",
    }


def of_invitee(custom_url: str) -> Pages:
    consultation = f"/{custom_url}/consultation"
    gone = urlencode({"start": now().replace(microsecond=0, hour=1).isoformat()})
    return {
        "person": f"/{custom_url}",
        "booking-page": consultation,
        "booking-page-zone": f"{consultation}?find_zone=nepal#zone",
        "booking-page-zone-unknown": f"{consultation}?find_zone=atlantis#zone",
        "booking-page-gone": f"{consultation}?{gone}",
        "booking-page-corrected": f"{consultation}?month=soon&day=2026-02-30&zone=Mars/Base",
        "booking-form": form_of("consultation"),
        "booking-page-closed": f"/{custom_url}/site-visit",
        **_of_booked(),
    }


def form_of(slug: str) -> str:
    """The form for the first free time."""
    scheduler = Scheduler.objects.get(slug=slug)
    chosen = Selection(duration=scheduler.durations[0], zone="Europe/Berlin")
    start = openings.of(scheduler, chosen).starts[0]
    picked = {"start": start.isoformat(), "duration": scheduler.durations[0], "zone": chosen.zone}
    return f"/{scheduler.host.custom_url}/{slug}?{urlencode(picked)}"


def rescheduling() -> str:
    return f"/b/{manage_links.secret(_coming())}/reschedule"


def _coming() -> Booking:
    return Booking.objects.get(invitee_name="Ivan Petrov")


def _of_booked() -> Pages:
    coming = _coming()
    cancelled = Booking.objects.get(invitee_name="Leila Haddad")
    over = Booking.objects.get(invitee_name="Greta Lind")
    waiting = Booking.objects.get(invitee_name="Tom O'Neil")
    base = f"/b/{manage_links.secret(coming)}"
    room = manage_links.room_url(Booking.objects.get(invitee_name="Priya Thapa"))
    return {
        "manage": base,
        "manage-reschedule": rescheduling(),
        "manage-cancel": f"{base}/cancel",
        "manage-link-follows": f"/b/{manage_links.secret(waiting)}",
        "manage-cancelled": f"/b/{manage_links.secret(cancelled)}",
        "manage-over": f"/b/{manage_links.secret(over)}",
        "manage-unknown": "/b/forged",
        "room": room,
        "room-over": manage_links.room_url(over),
        "mailbox": "/tryout/mails",
        "mail": f"/tryout/mails/{Email.objects.filter(to='ivan@example.com').latest('pk').pk}",
    }


def _of_schedulers(base: str) -> Pages:
    return {
        "scheduler-new": f"{base}/new",
        "scheduler-edit": f"{base}/consultation",
        "scheduler-edit-phone": f"{base}/phone-screening",
        "scheduler-preview": f"{base}/intro-call/preview",
        "scheduler-preview-why": f"{base}/consultation/preview?why-day=2026-01-04&why-time=03:10&why-duration=45#why",
        "scheduler-preview-off": f"{base}/site-visit/preview",
        "scheduler-delete": f"{base}/site-visit/delete",
        "scheduler-delete-kept": f"{base}/intro-call/delete",
    }


def _of_availability(base: str) -> Pages:
    afternoons = Schedule.objects.get(name="Afternoons")
    return {
        "availability": base,
        "schedule-new": f"{base}/new",
        "schedule-edit": f"{base}/{afternoons.uid}",
        "schedule-delete": f"{base}/{afternoons.uid}/delete",
    }


def _of_bookings(base: str) -> Pages:
    coming = _coming()
    failed = Booking.objects.get(invitee_name="Tom O'Neil")
    cancelled = Booking.objects.get(invitee_name="Leila Haddad")
    return {
        "booking": f"{base}/{coming.uid}",
        "booking-failed": f"{base}/{failed.uid}",
        "booking-cancelled": f"{base}/{cancelled.uid}",
        "booking-cancel": f"{base}/{coming.uid}/cancel",
        "booking-reschedule": f"{base}/{coming.uid}/reschedule",
        "booking-place": f"{base}/{failed.uid}/place",
    }
