"""An organization with a provider connected once for everybody, and the pages about it."""

from datetime import timedelta

from django.utils.timezone import now

from accounts.models import Membership, Role
from integrations import setup_links
from integrations.models import Connection, Grant, LastCall, Seat
from tests import factories
from tests.browser.pages import Pages

SEATS = (
    ("Adam Reed", {"state": "found", "external_id": "adam", "licensed": True}),
    ("Bruno Keller", {"state": "found", "external_id": "bruno", "licensed": False}),
    ("Mina Sol", {"state": "found", "external_id": "mina", "wanted": "mina.sol@acme.example", "licensed": True}),
    ("Nadia Nowhere", {"state": "not_found"}),
    ("Pia Pending", {"state": "pending"}),
    ("Ilse Inactive", {"state": "inactive"}),
)


def connect(owner: Membership) -> Connection:
    """With a member of each kind, a scheduler and a booking that rely on it, links, and a second account waiting."""
    shared = factories.shared_connection(owner, members_may_remove=True)
    Grant.objects.update(email="paula@acme.example", last_call_at=now(), last_call=LastCall.MADE)
    shared.refresh_from_db()
    for name, fields in SEATS:
        member = _member(owner, name)
        email = str(fields.get("wanted", member.user.email)) if fields["state"] == "found" else ""
        Seat.objects.create(connection=shared, membership=member, **{"email": email} | fields)
    Seat.objects.create(connection=shared, membership=owner, state="found", external_id="olga", licensed=True)
    factories.connection(_member(owner, "Paul Personal"))
    _booked(Membership.objects.get(user__name="Mina Sol"), shared)
    factories.setup_link(owner, used_at=now())
    factories.setup_link(owner, revoked_at=now(), expires_at=now() - timedelta(days=1))
    setup_links.issue(owner, "zoom")
    return shared


def of_admin(owner: Membership) -> Pages:
    base = f"/o/{owner.organization.slug}/integrations"
    nadia = Membership.objects.get(user__name="Nadia Nowhere")
    return {
        "integrations": base,
        "organization-zoom": f"{base}/zoom",
        "organization-zoom-without": f"{base}/zoom?show=without",
        "organization-zoom-nobody": f"{base}/zoom?q=nobody",
        "organization-zoom-seat": f"{base}/zoom/members/{nadia.uid}",
        "organization-zoom-disconnect": f"{base}/zoom/disconnect",
    }


def of_member(shared: Connection) -> Pages:
    return {
        "conferencing-shared": "/account/conferencing",
        "conferencing-shared-remove": f"/account/conferencing/{shared.uid}/remove",
    }


def of_link(secret: str) -> Pages:
    return {
        "setup-link": f"/connect/zoom/organization/{secret}",
        "setup-link-unknown": "/connect/zoom/organization/forged",
        "setup-link-stale": "/connect/zoom/organization/callback?state=stale",
        "help-organization-zoom": "/help/organization-zoom",
    }


def _member(owner: Membership, name: str) -> Membership:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    return factories.membership(factories.user(email, name=name), owner.organization, role=Role.MEMBER)


def _booked(member: Membership, shared: Connection) -> None:
    booking = factories.booking(factories.scheduler(member, name="Coaching", place="zoom"))
    factories.meeting(booking, place="zoom", connection=shared, external_id="1", join_url="https://zoom.example/j/1")
