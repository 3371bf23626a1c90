"""The simulated Zoom as tests and the try-out hold it: a WSGI application with handles on its world."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators.clock import Clock
from integrations.simulators.faults import Faults
from integrations.simulators.zoom import (
    audience,
    authorization,
    deauthorization,
    forgeries,
    history,
    lifecycle,
    meeting_answers,
    people,
    seed,
)
from integrations.simulators.zoom.app import ZoomApplication
from integrations.simulators.zoom.deliveries import Delivery, Subscription
from integrations.simulators.zoom.limits import Limits
from integrations.simulators.zoom.records import ADMIN_SCOPES, USER_SCOPES, Account, App, Kind, Meeting, User
from integrations.simulators.zoom.webhooks import Webhooks
from integrations.simulators.zoom.world import Call, Switches, World


class ZoomSimulator:
    """Users may be named by id or email everywhere; an app need not be named while there is only one."""

    def __init__(
        self,
        client_id: str = "zoom-client",
        client_secret: str = "zoom-secret",  # noqa: S107 (a simulated one)
        redirect_uris: Sequence[str] = (),
        *,
        app_name: str = "Bridge",
        scopes: Sequence[str] = USER_SCOPES,
        cast: bool = True,
    ) -> None:
        self.world = World()
        self.application = ZoomApplication(self.world)
        self.add_app(client_id, client_secret, redirect_uris, name=app_name, scopes=tuple(scopes))
        audience.follow(self.world)
        history.follow(self.world)
        self.clock.on_advance(lambda: lifecycle.tick(self.world))
        if cast:
            seed.cast(self.world)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.application(environ, start_response)

    @property
    def clock(self) -> Clock:
        return self.world.clock

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def limits(self) -> Limits:
        return self.world.limits

    @property
    def webhooks(self) -> Webhooks:
        return self.world.webhooks

    @property
    def switches(self) -> Switches:
        return self.world.switches

    @property
    def calls(self) -> list[Call]:
        """The last 10,000 requests, oldest first."""
        return list(self.world.calls)

    def add_app(
        self,
        client_id: str,
        client_secret: str,
        redirect_uris: Sequence[str] = (),
        *,
        name: str = "Bridge",
        kind: Kind | str = Kind.USER_MANAGED,
        admin_managed: bool = False,
        account: Account | str = "",
        **more: Any,
    ) -> App:
        """`account`: the developer's, which makes the app private; a server-to-server app always needs one.

        `more` are fields of App. Apps that act for an account get :admin scopes unless told otherwise.
        """
        if account or kind == Kind.SERVER_TO_SERVER:
            more = {"account_id": self.account(account or "Acme").id, "published": False, **more}
        kind = Kind.ADMIN_MANAGED if admin_managed else Kind(kind)
        more.setdefault("scopes", USER_SCOPES if kind is Kind.USER_MANAGED else ADMIN_SCOPES)
        more["webhook_secret"] = more.get("webhook_secret") or f"webhook-secret-of-{client_id}"
        app = App(client_id, client_secret, name, set(redirect_uris), kind=kind, **more)
        self.world.apps[client_id] = app
        return app

    def disable_app(self, client_id: str = "", *, disabled: bool = True) -> None:
        """Its developer deactivates it: no token works until disabled=False."""
        client_id = self.app(client_id).client_id
        (self.world.disabled.add if disabled else self.world.disabled.discard)(client_id)

    def add_account(self, name: str = "Acme", **more: Any) -> Account:
        with self.world.lock:
            return people.add_account(self.world, name, **more)

    def add_user(self, email: str, *, account: Account | str = "Acme", name: str = "", **more: Any) -> User:
        """`more` are fields of User: type, role_name, status, timezone, use_pmi. A missing account is made."""
        with self.world.lock:
            return people.add_user(self.world, email, self.account(account), name=name, **more)

    def user(self, named: User | str) -> User:
        found = self.world.user_of(named if isinstance(named, str) else named.id)
        if found is None:
            raise LookupError(named)
        return found

    def account(self, named: Account | str) -> Account:
        if isinstance(named, Account):
            return named
        known = (account for account in self.world.accounts.values() if account.name == named)
        return next(known, None) or self.add_account(named)

    def app(self, client_id: str = "") -> App:
        return self.world.apps[client_id] if client_id else next(iter(self.world.apps.values()))

    def change_user(self, user: User | str, **changes: Any) -> None:
        """As a Zoom admin does it: email, type, role_name, status ("inactive"), timezone, …"""
        with self.world.lock:
            people.change(self.world, self.user(user), **changes)

    def remove_user(self, user: User | str, *, disassociated: bool = False) -> None:
        with self.world.lock:
            people.remove(self.world, self.user(user), disassociated=disassociated)

    def authorize(
        self,
        user: User | str,
        client_id: str = "",
        redirect_uri: str = "",
        code_challenge: str = "",
        code_challenge_method: str = "S256",
    ) -> str:
        """The code Zoom would send back. Raises errors.NotAuthorized where Zoom shows a page instead."""
        app = self.app(client_id)
        query = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": redirect_uri or min(app.redirect_uris),
            "code_challenge": code_challenge,
            "code_challenge_method": code_challenge_method,
        }
        with self.world.lock:
            asked = authorization.understand(self.world, query)
            return authorization.grant_code(self.world, asked, self.user(user))

    def uninstall(self, user: User | str, client_id: str = "") -> bool:
        """The user removes the app at Zoom."""
        with self.world.lock:
            return deauthorization.uninstall(self.world, self.app(client_id).client_id, self.user(user).id)

    def installed(self, user: User | str, client_id: str = "") -> bool:
        return (self.app(client_id).client_id, self.user(user).id) in self.world.grants

    def require_approval(self, account: Account | str) -> None:
        self.account(account).pre_approval = True

    def approve(self, account: Account | str, client_id: str = "") -> None:
        self.account(account).approved.add(self.app(client_id).client_id)

    def withdraw_approval(self, account: Account | str, client_id: str = "") -> None:
        with self.world.lock:
            deauthorization.withdraw(self.world, self.account(account), self.app(client_id))

    def meetings(self, host: User | str | None = None, *, deleted: bool = False) -> list[Meeting]:
        """Those in force (or those deleted), in the order of their making."""
        with self.world.lock:
            known = [meeting for meeting in self.world.meetings.values() if bool(meeting.deleted_at) == deleted]
            return [meeting for meeting in known if host is None or meeting.host_id == self.user(host).id]

    def meeting(self, meeting_id: int | str) -> Meeting:
        """Also a deleted one. Raises KeyError."""
        return self.world.meetings[int(meeting_id)]

    def join_url(self, meeting: Meeting) -> str:
        return meeting_answers.join_url(meeting)

    def delete_meeting(self, meeting_id: int | str) -> None:
        """As the host does it in Zoom."""
        with self.world.lock:
            lifecycle.delete(self.world, self.meeting(meeting_id))

    def start_meeting(self, meeting_id: int | str) -> None:
        with self.world.lock:
            lifecycle.start(self.world, self.meeting(meeting_id))

    def end_meeting(self, meeting_id: int | str) -> None:
        with self.world.lock:
            lifecycle.end(self.world, self.meeting(meeting_id))

    def convert_to_webinar(self, meeting_id: int | str) -> None:
        self.meeting(meeting_id).webinar = True

    def subscribe(self, url: str, client_id: str = "", *, secret: str = "", events: Sequence[str] = ()) -> Subscription:
        """Name a webhook address; Zoom validates it at once. webhooks.run() sends what is due from then on."""
        app = self.app(client_id)
        app.webhook_secret = secret or app.webhook_secret
        return self.webhooks.subscribe(app, url, tuple(events))

    def announce(self, url: str, client_id: str = "", *, secret: str = "") -> Subscription:
        """The app's one webhook address from now on; it is validated by webhooks.run(), as often as that takes."""
        app = self.app(client_id)
        app.webhook_secret = secret or app.webhook_secret
        return self.webhooks.announce(app, url)

    def forge(self, delivery: Delivery, flaw: str) -> int:
        """Somebody else sends a delivery again, with one of forgeries.Flaw. The status answered."""
        return forgeries.send(self.webhooks, delivery, flaw)

    def advance(self, **by: float) -> datetime:
        """advance(days=1): the clock goes on, and what falls due happens."""
        self.clock.advance(timedelta(**by))
        return self.clock.now()
