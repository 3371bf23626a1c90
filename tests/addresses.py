"""Of each URL, the one that is about Olga: what tests/test_access.py sends everybody to."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import emails
from accounts.models import Membership, Role
from integrations import setup_links
from scheduling import feeds, manage_links
from scheduling.models import Booking, Scheduler
from tests import factories

ABOVE = {"mfa_remove_webauthn": ["pk"], "mfa_edit_webauthn": ["pk"]}
"""What an include above the URL takes."""


def _patterns(patterns: list[Any]) -> Iterator[URLPattern]:
    """Without the API, which knows no sessions: tests/scheduling/api/test_access.py."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == "api":
            continue
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        elif not str(pattern.pattern).startswith("api/"):
            yield pattern


PATTERNS = {str(pattern.name): pattern for pattern in _patterns(get_resolver().url_patterns)}


def everything(olga: Membership, scheduler: Scheduler, names: list[str]) -> dict[str, str]:
    """By name. An invitation that was answered is none of hers any more, so there is one with a secret of its own."""
    booking = factories.booking(scheduler)
    factories.meeting(booking)
    factories.invitation(olga, secret="invited")
    usual, own = _usual(olga, booking), _of_accounts(olga) | _of_people(olga) | _of_schedules(scheduler)
    found = {name: _address(name, usual | own.get(name, {})) for name in names}
    fed = feeds.address(feeds.keep(olga, details=True, private=True)).removeprefix(settings.BASE_URL)
    return found | _rooms(booking, found) | {"invitation": "/invitations/invited", "feed_file": fed}


def _address(name: str, about: dict[str, Any]) -> str:
    wanted = [*PATTERNS[name].pattern.regex.groupindex, *ABOVE.get(name, [])]
    return reverse(name, kwargs={key: about[key] for key in wanted})


def _usual(olga: Membership, booking: Booking) -> dict[str, Any]:
    """What most URLs mean by these parts."""
    email = emails.keep(to="a@example.org", subject="Hello", text="x", attachments=[factories.attachment()])
    factories.vendor_app(olga)
    return {
        "organization": olga.organization.slug,
        "custom_url": olga.user.custom_url,
        "scheduler": booking.scheduler.slug,
        "uid": booking.uid,
        "secret": manage_links.secret(booking),
        "provider": "zoom",
        "service": "zoom",
        "kind": "personal",
        "app": "personal",
        "pk": email.pk,
        "name": "a.ics",
    }


def _of_accounts(olga: Membership) -> dict[str, dict[str, Any]]:
    connection, arrival = factories.connection(olga), factories.arrival(olga)
    shared = factories.shared_connection(olga, members_may_remove=True)
    link, secret = setup_links.issue(olga, "zoom")
    return {
        **_uid(connection, "disconnect", "connection", "connection_test", "connection_reconnect"),
        **_uid(shared, "seat_remove", "seat_take_back"),
        **_uid(arrival, "arrival_confirm", "arrival_decline"),
        **_uid(link, "setup_link_revoke"),
        **{name: {"secret": secret} for name in ("setup_link", "setup_link_start")},
    }


def _of_people(olga: Membership) -> dict[str, dict[str, Any]]:
    colleague = factories.membership(organization_=olga.organization, role=Role.MEMBER)
    application = factories.application(olga, logo=b"\x89PNG\r\n\x1a\n", logo_type="image/png")
    factories.consent(application, olga)
    delivery = factories.delivery(application)
    webhook = {"uid": application.uid, "webhook": delivery.subscription.uid, "delivery": delivery.uid, "verb": "test"}
    return {
        **{name: webhook for name in PATTERNS if name.startswith(("webhook_", "webhooks"))},
        **_uid(application, *(name for name in PATTERNS if name.startswith("application_")), "application"),
        **_uid(colleague, "seat", "seat_look_up", "member", "member_hand_over", "member_remove"),
        **_uid(factories.delegation(olga, colleague), "delegate_limit", "delegate_take_back"),
        **_uid(factories.calendar_event(factories.calendar(olga), factories.MONDAY), "event", "event_delete"),
        **_uid(factories.team(olga.organization), "team", "team_delete"),
        **_uid(factories.invitation(olga), "invitation_resend", "invitation_withdraw"),
    }


def _of_schedules(scheduler: Scheduler) -> dict[str, dict[str, Any]]:
    return _uid(scheduler.schedule, "schedule_edit", "schedule_delete")


def _uid(row: Any, *names: str) -> dict[str, dict[str, Any]]:
    return {name: {"uid": row.uid} for name in names}


def _rooms(booking: Booking, found: dict[str, str]) -> dict[str, str]:
    """Their secret is another one, of the same booking."""
    door = manage_links.room_url(booking).removeprefix(settings.BASE_URL)
    names = [name for name, address in found.items() if address.startswith("/room/")]
    return {name: door + name.removeprefix("room").replace("_", "/") for name in names}
