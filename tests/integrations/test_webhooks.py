"""What Zoom tells us unasked: only Zoom is believed, once, and what ends there ends here."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts import encryption
from accounts.models import Email
from integrations import defaults, queries, tasks
from integrations.models import Connection, Grant, GrantStatus, VendorApp, WebhookDelivery
from integrations.providers.zoom.webhooks import Webhooks
from integrations.simulators.zoom.forgeries import Flaw
from integrations.types import App, AppKind
from outbox import intents
from outbox.models import Intent
from scheduling.models import Meeting
from tests import factories
from tests.integrations.conftest import PAULA, PEDRO

pytestmark = pytest.mark.django_db

PERSONAL = "/webhooks/zoom/personal"


def signed(body: bytes, *, secret: str = "test-webhook-secret", at: float | None = None) -> dict[str, str]:
    stamp = str(int(at or time.time()))
    key = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"x-zm-request-timestamp": stamp, "x-zm-signature": f"v0={key}"}


def deauthorized(grant: Grant, *, at: datetime | None = None, user: str = "", account: str = "") -> bytes:
    payload = {
        "account_id": account or grant.account_id,
        "user_id": user or grant.external_id,
        "deauthorization_time": f"{(at or now()).astimezone(UTC):%FT%T.%f}"[:-3] + "Z",
    }
    return json.dumps({"event": "app_deauthorized", "payload": payload}).encode()


def event(name: str, account: str, **told) -> bytes:
    payload = {"account_id": account, "object": told}
    return json.dumps({"event": name, "event_ts": int(time.time() * 1000), "payload": payload}).encode()


@pytest.fixture
def tell(client, after_commit):
    """tell(body) posts it signed and lets the worker work; the status."""

    def told(body: bytes, address: str = PERSONAL, **signing) -> int:
        with after_commit():
            answer = client.post(address, body, content_type="application/json", headers=signed(body, **signing))
        return int(answer.status_code)

    return told


@pytest.fixture
def paula(olga) -> Connection:
    grant = factories.grant(email=PAULA, account_id="ACC", authorized_at=now() - timedelta(hours=1))
    made = factories.connection(olga, grant=grant)
    defaults.make_default(olga, "zoom", made)
    return made


@pytest.fixture
def elsewhere(mallory, paula) -> Connection:
    """The same Zoom account in another organization."""
    made = factories.connection(mallory, grant=paula.grant)
    defaults.make_default(mallory, "zoom", made)
    return made


# --- Who is believed --------------------------------------------------------------------------------------------------


def test_the_signature_is_as_zoom_makes_it():
    """The contract's example."""
    app = App("zoom", AppKind.PERSONAL, "c", "s", webhook_secret="bridge-test-secret-token")
    body = (
        b'{"event":"app_deauthorized","event_ts":1700000000123,"payload":{"account_id":"ACC123","user_id":"USR456",'
        b'"signature":"sig-1","deauthorization_time":"2023-11-14T22:13:20.000Z","client_id":"CLIENT1"}}'
    )
    headers = {
        "x-zm-request-timestamp": "1700000000",
        "x-zm-signature": "v0=e8cd88b5bba9e0bc92ec38e9cd2e00776de2206130f4f2e5935c1eaccfecc780",
    }
    told = Webhooks()

    assert told.is_genuine(app, headers, body, datetime.fromtimestamp(1700000000, UTC))
    assert not told.is_genuine(app, headers, body + b" ", datetime.fromtimestamp(1700000000, UTC))
    assert told.proof(
        app, {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}}
    ) == {
        "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
        "encryptedToken": "983718a7d3bd9ed426e2a5c00c53bff77fb3788571760fa46e9c766493a68f94",
    }


@pytest.mark.parametrize(
    "signing",
    [
        {"secret": "wrong"},
        {"secret": "test-admin-webhook-secret"},
        {"secret": ""},
        {"at": time.time() - 3 * 3600},
        {"at": time.time() + 3600},
    ],
)
def test_a_forged_or_stale_signature_is_refused_and_nothing_kept(paula, tell, signing):
    assert tell(deauthorized(paula.grant), **signing) == 401
    assert not WebhookDelivery.objects.exists()
    assert Connection.objects.get().is_usable


@pytest.mark.parametrize("stamp", ["", "abc", "٣", "9" * 40, "1e5", "-1"])
def test_a_time_that_is_none_is_refused(client, stamp):
    headers = {"x-zm-request-timestamp": stamp.encode().decode("latin-1"), "x-zm-signature": "v0=é"}
    assert client.post(PERSONAL, b"{}", content_type="application/json", headers=headers).status_code == 401


def test_a_challenge_is_answered_only_if_it_is_signed(client):
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}}).encode()

    forged = client.post(PERSONAL, body, content_type="application/json", headers=signed(body, secret="wrong"))
    answer = client.post(PERSONAL, body, content_type="application/json", headers=signed(body))

    assert (forged.status_code, forged.content) == (401, b"")
    proof = hmac.new(b"test-webhook-secret", b"abc", hashlib.sha256).hexdigest()
    assert answer.json() == {"plainToken": "abc", "encryptedToken": proof}
    assert not WebhookDelivery.objects.exists()


def test_an_own_app_shows_that_it_is_proven(olga, client):
    own = factories.vendor_app(olga)
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}}).encode()
    headers = signed(body, secret="own-webhook-secret")

    assert client.post(f"/webhooks/zoom/{own.uid}", body, content_type="application/json", headers=headers).json()
    assert VendorApp.objects.get().webhooks_proven_at


@pytest.mark.parametrize("address", ["zoom/nobody", "builtin/personal", "other/personal", f"zoom/{'0' * 32}"])
def test_nobody_listens_at_other_addresses(tell, address):
    assert tell(b"{}", f"/webhooks/{address}") == 404


def test_without_a_secret_nobody_listens(tell, settings):
    settings.ZOOM_WEBHOOK_SECRET = ""
    assert tell(b"{}", secret="") == 404


def test_only_posts_of_a_fair_size_are_read(client):
    assert client.get(PERSONAL).status_code == 405
    assert client.post(PERSONAL, b"x" * 300_000, content_type="application/json").status_code == 413
    assert client.post(PERSONAL, b"x" * 3_000_000, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"[1]", b'"x"', b"{}", b"\xff", b'{"event":"meeting.zapped","payload":{}}', b"[" * 100_000]
    + [b'{"event":"%s","payload":7}' % name for name in (b"app_deauthorized", b"meeting.started", b"user.updated")]
    + [b'{"event":{"a":1},"payload":{"object":[]}}', b'{"event":"meeting.ended","event_ts":"9999999999999999999"}'],
)
def test_what_makes_no_sense_is_taken_calmly(tell, paula, body):
    assert tell(body) == 204
    assert not WebhookDelivery.objects.filter(handled_at=None).exists()
    assert Connection.objects.get().is_usable


def test_the_answer_costs_the_same_however_much_is_known(paula, client):
    def cost() -> int:
        body = event("meeting.updated", "ACC", id=1, note=time.time())
        with CaptureQueriesContext(
            database,
        ) as asked:
            client.post(PERSONAL, body, content_type="application/json", headers=signed(body))
        return len(asked)

    first = cost()
    for _number in range(3):
        factories.grant(account_id="ACC")
    assert cost() == first


# --- Kept once, no longer than needed ---------------------------------------------------------------------------------


def test_only_what_is_needed_is_kept_and_only_until_it_is_done(paula, client, after_commit):
    body = event("meeting.updated", "ACC", id=7, topic="Secret plans", password="4f8k")
    for _twice in range(2):
        client.post(PERSONAL, body, content_type="application/json", headers=signed(body))

    kept = WebhookDelivery.objects.get()
    opened = encryption.decrypt(kept.sealed_body, owner=kept.digest)
    assert '"about": "7"' in opened
    assert not [secret for secret in ("Secret plans", "4f8k") if secret in opened]
    assert '"ACC"' not in kept.sealed_body

    intents.drain()
    kept.refresh_from_db()
    assert (kept.sealed_body, bool(kept.handled_at)) == ("", True)


def test_after_three_days_deliveries_are_forgotten_and_the_unhandled_told(paula, client, caplog):
    body = event("meeting.updated", "ACC", id=7)
    client.post(PERSONAL, body, content_type="application/json", headers=signed(body))
    tasks.forget_webhooks()
    assert WebhookDelivery.objects.count() == 1

    WebhookDelivery.objects.update(received_at=now() - timedelta(days=3))
    tasks.forget_webhooks()
    assert not WebhookDelivery.objects.exists()
    assert "1 webhooks could not be handled" in caplog.text


# --- Uninstalled ------------------------------------------------------------------------------------------------------


@pytest.mark.row("IN-13", "IN-16", "CB-15")
def test_an_uninstall_ends_it_in_every_organization_and_erases_who_it_was(paula, elsewhere, tell):
    known = paula.grant.external_id

    assert tell(deauthorized(paula.grant)) == 204

    grant = Grant.objects.get()
    assert (grant.status, grant.sealed_access_token, grant.sealed_refresh_token) == (GrantStatus.REVOKED, "", "")
    assert (grant.email, grant.name, grant.account_id) == ("", "", "")
    assert grant.erased_at
    assert known not in str(vars(grant))
    assert [found.is_usable for found in Connection.objects.all()] == [False, False]
    assert Email.objects.filter(subject__startswith="Action required").count() == 2
    assert known not in str(list(WebhookDelivery.objects.values()))


@pytest.mark.row("IN-15")
def test_after_an_uninstall_the_built_in_room_is_the_default_again(paula, elsewhere, olga, mallory, tell):
    tell(deauthorized(paula.grant))

    assert [defaults.default_of(member).place for member in (olga, mallory)] == ["builtin", "builtin"]


@pytest.mark.row("IN-14")
def test_after_an_uninstall_links_stay_and_later_changes_are_not_carried_over(paula, olga, tell):
    booking = factories.booking(factories.scheduler(olga))
    link = "https://zoom.example/j/7"
    factories.meeting(booking, place="zoom", connection=paula, external_id="7", join_url=link, settled_sequence=0)

    tell(deauthorized(paula.grant))

    meeting = Meeting.objects.get()
    assert (meeting.join_url, meeting.state) == (link, "detached")
    booking.refresh_from_db()
    assert not booking.is_cancelled


@pytest.mark.row("IN-17")
def test_nothing_revives_by_itself(olga, mallory, connect_zoom, zoom, tell):
    mine, hers = connect_zoom(olga), connect_zoom(mallory)
    tell(deauthorized(Grant.objects.get()))

    again = connect_zoom(olga)

    assert again.is_usable
    stayed = Connection.objects.select_related("grant").get(pk=hers.pk)
    assert (stayed.is_usable, stayed.status) == (False, GrantStatus.REVOKED)
    assert mine.pk != stayed.pk


def test_a_second_delivery_changes_nothing(paula, tell):
    body = deauthorized(paula.grant)
    assert [tell(body), tell(body)] == [204, 204]
    assert WebhookDelivery.objects.count() == Intent.objects.filter(kind="webhook").count() == 1
    assert Email.objects.filter(subject__startswith="Action required").count() == 1


def test_an_uninstall_that_is_older_than_the_authorization_is_ignored(paula, tell):
    tell(deauthorized(paula.grant, at=paula.grant.authorized_at - timedelta(minutes=80)))
    assert Connection.objects.get().is_usable


def test_one_that_was_found_dead_before_is_erased_when_the_reason_is_heard(paula, olga, tell):
    from_zoom = deauthorized(paula.grant)
    Grant.objects.update(status=GrantStatus.ENDED, ended_at=now(), sealed_access_token="", sealed_refresh_token="")
    Connection.objects.update(ended_at=now(), ended_status=GrantStatus.ENDED)

    tell(from_zoom)

    assert Connection.objects.select_related("grant").get().status == GrantStatus.REVOKED
    assert Grant.objects.get().erased_at
    assert defaults.default_of(olga).place == "builtin"
    assert not Email.objects.exists()


@pytest.mark.parametrize("about", [{"user": "somebody"}, {"account": "another"}])
def test_an_uninstall_by_somebody_else_ends_nothing(paula, tell, about):
    tell(deauthorized(paula.grant, **about))
    assert Connection.objects.get().is_usable


def test_another_organization_that_claims_the_client_cannot_end_it(paula, mallory, tell):
    claimed = factories.vendor_app(mallory, client_id=paula.grant.client_id)

    assert tell(deauthorized(paula.grant), f"/webhooks/zoom/{claimed.uid}", secret="own-webhook-secret") == 204
    assert Connection.objects.get().is_usable

    tell(deauthorized(paula.grant))
    assert not Connection.objects.get().is_usable


@pytest.mark.row("CL-22")
def test_removing_the_account_that_was_used_ends_the_organizations(olga, tell):
    grant = factories.grant(kind="organization", client_id="test-admin-client", account_id="ACC")
    shared = factories.shared_connection(olga, grant=grant)

    tell(deauthorized(grant), "/webhooks/zoom/organization", secret="test-admin-webhook-secret")

    shared = Connection.objects.select_related("grant").get()
    assert (shared.is_usable, shared.status) == (False, GrantStatus.REVOKED)


@pytest.mark.row("CL-22")
def test_an_admin_who_removes_it_for_all_ends_it_and_one_who_goes_alone_does_not(
    adam, zoom, connect_organization, tell, settings
):
    connect_organization(adam)
    grant = Grant.objects.get()
    about = {"user": zoom.user(PEDRO).id}
    address = {"address": "/webhooks/zoom/organization", "secret": "test-admin-webhook-secret"}

    tell(deauthorized(grant, **about), **address)
    assert Connection.objects.get().is_usable

    zoom.uninstall(PAULA, settings.ZOOM_ADMIN_CLIENT_ID)
    tell(deauthorized(grant, **about), **address)
    assert Connection.objects.select_related("grant").get().status == GrantStatus.REVOKED


# --- Users and meetings -----------------------------------------------------------------------------------------------


def test_a_changed_user_is_looked_up_again(adam, mina, zoom, connect_organization, tell):
    user = zoom.add_user(mina.user.email, account="Acme")
    connect_organization(adam)
    zoom.change_user(mina.user.email, status="inactive")

    body = event("user.deactivated", Grant.objects.get().account_id, id=user.id, email=user.email, type=2)
    tell(body, "/webhooks/zoom/organization", secret="test-admin-webhook-secret")

    seat = queries.shared_connections(adam.organization).get().seats.get(membership=mina)
    assert seat.state == "inactive"


def test_the_personal_access_of_a_deleted_user_ends(adam, olga, zoom, connect_zoom, connect_organization, tell):
    connect_organization(adam)
    connect_zoom(olga, PEDRO)
    account, user = Grant.objects.filter(kind="organization").get().account_id, zoom.user(PEDRO).id
    zoom.remove_user(PEDRO)

    tell(event("user.deleted", account, id=user), "/webhooks/zoom/organization", secret="test-admin-webhook-secret")

    assert not Connection.objects.get(membership=olga).is_usable
    assert Connection.objects.get(membership=None).is_usable


@pytest.mark.parametrize(
    ("name", "field", "time_field"), [("started", "started_at", "start_time"), ("ended", "ended_at", "end_time")]
)
def test_a_meeting_says_when_it_began_and_was_over(paula, olga, tell, name, field, time_field):
    factories.meeting(factories.booking(factories.scheduler(olga)), place="zoom", connection=paula, external_id="77")
    at = now().replace(microsecond=0)

    tell(event(f"meeting.{name}", "ACC", id="77", **{time_field: f"{at:%FT%TZ}"}))

    assert getattr(Meeting.objects.get(), field) == at


def test_a_change_at_zoom_makes_us_look(paula, olga, client):
    booking = factories.booking(factories.scheduler(olga))
    factories.meeting(booking, place="zoom", connection=paula, external_id="77")
    body = event("meeting.deleted", "ACC", id=77)

    client.post(PERSONAL, body, content_type="application/json", headers=signed(body))
    intents.settle(Intent.objects.get(kind="webhook").pk)

    assert Intent.objects.filter(kind="look", subject=booking.pk).exists()


@pytest.mark.parametrize("told", [("ACC", 78), ("OTHER", 77), ("", 77)])
def test_a_meeting_that_is_not_ours_is_ignored(paula, olga, tell, told):
    factories.meeting(factories.booking(factories.scheduler(olga)), place="zoom", connection=paula, external_id="77")

    assert tell(event("meeting.started", told[0], id=told[1])) == 204
    assert Meeting.objects.get().started_at is None


# --- From the simulated Zoom itself -----------------------------------------------------------------------------------


@pytest.mark.row("IN-13")
def test_zoom_delivers_until_it_is_taken_and_forgeries_never_are(olga, connect_zoom, zoom, client, after_commit):
    """The first try fails, the last comes an hour later, twice."""
    connect_zoom(olga)
    down = [500, 0]

    def post(url, headers, body, seconds):
        if zoom.webhooks.deliveries and down:
            return down.pop(0), b""
        answer = client.generic("POST", url, body, content_type="application/json", headers=headers)
        return answer.status_code, answer.content

    zoom.webhooks.post, zoom.webhooks.signs_in_real_time, zoom.webhooks.duplicated = post, True, True
    assert zoom.subscribe(PERSONAL, secret="test-webhook-secret").active
    zoom.uninstall(PAULA)
    zoom.webhooks.run()
    assert Connection.objects.get().is_usable

    zoom.clock.advance(timedelta(minutes=30))
    with after_commit():
        zoom.webhooks.run()

    assert all(delivery.delivered for delivery in zoom.webhooks.deliveries)
    assert WebhookDelivery.objects.count() == 1
    assert not Connection.objects.get().is_usable
    for flaw in (Flaw.WRONG_SECRET, Flaw.MISSING_HEADERS, Flaw.UPPER_CASE, Flaw.CHANGED_BODY):
        assert zoom.forge(zoom.webhooks.deliveries[0], flaw) == 401
