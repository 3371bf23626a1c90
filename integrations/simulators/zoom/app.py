"""The WSGI application: which address does what, and the faults around it."""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators import http
from integrations.simulators.faults import Fault, Kind
from integrations.simulators.http import Request, Response
from integrations.simulators.zoom import access, deauthorization, meeting_lists, meetings, oauth, users
from integrations.simulators.zoom.access import Caller
from integrations.simulators.zoom.errors import ApiError, Refused
from integrations.simulators.zoom.limits import too_many
from integrations.simulators.zoom.pages import marketplace, public, sign_in
from integrations.simulators.zoom.pages.control import page as control
from integrations.simulators.zoom.world import Call, World

ApiView = Callable[[World, Request, Caller], Response]
View = Callable[[World, Request], Response]


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    """A regular expression over the whole path below /v2."""
    view: ApiView
    category: str = "Light"


USER, MEETING = r"/users/(?P<user_id>[^/]+)", r"/meetings/(?P<meeting_id>[^/]+)"
API = (
    Endpoint("GET", "/users", users.listed, "Medium"),
    Endpoint("GET", USER, users.show),
    Endpoint("GET", USER + "/settings", users.settings, "Medium"),
    Endpoint("GET", USER + "/permissions", users.permissions),
    Endpoint("GET", USER + "/meetings", meeting_lists.listed, "Medium"),
    Endpoint("POST", USER + "/meetings", meetings.create),
    Endpoint("GET", USER + "/webinars", meeting_lists.webinars, "Medium"),
    Endpoint("GET", USER + "/upcoming_meetings", meeting_lists.upcoming, "Medium"),
    Endpoint("GET", MEETING, meetings.show),
    Endpoint("PATCH", MEETING, meetings.update),
    Endpoint("DELETE", MEETING, meetings.delete),
    Endpoint("PUT", MEETING + "/status", meeting_lists.change_status),
    Endpoint("GET", "/past_meetings/(?P<uuid>.+)", meeting_lists.past),
)
PAGES: tuple[tuple[str, str, View], ...] = (
    ("POST", "/oauth/token", oauth.token),
    ("POST", "/oauth/revoke", oauth.revoke),
    *sign_in.ROUTES,
    *marketplace.ROUTES,
    *public.ROUTES,
    *control.ROUTES,
)
UNKNOWN = Endpoint("GET", "", users.show)


class ZoomApplication:
    def __init__(self, world: World) -> None:
        self.world = world
        self.remember: Callable[[], None] = lambda: None
        """Called after what may have changed something, before the client hears of it."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = http.read(environ)
        response = self._spoiled(request)
        self.world.calls.append(Call(request.method, request.path, response.status))
        return http.send(response, environ, start_response)

    def _spoiled(self, request: Request) -> Response:
        """Faults wait outside the lock: a slow answer holds up nobody else."""
        fault = self.world.faults.striking(request) if not request.path.startswith("/control") else None
        if fault is None:
            return self._answered(request)
        if fault.kind is Kind.LATENCY:
            time.sleep(fault.seconds)
        response = self._prevented(request, fault) if fault.prevents else self._answered_after(request, fault)
        if fault.kind is Kind.LATE_ANSWER:
            time.sleep(fault.seconds)
        return fault.spoil(response)

    def _prevented(self, request: Request, fault: Fault) -> Response:
        if fault.kind is Kind.RATE_LIMIT:
            return too_many(fault.limit, self.world.clock.now()).response()
        return Response(fault.status)

    def _answered_after(self, request: Request, fault: Fault) -> Response:
        if fault.kind is Kind.REVOKE:
            self._revoke(request)
        return self._answered(request)

    def _revoke(self, request: Request) -> None:
        with self.world.lock:
            bearer = request.headers.get("authorization", "").partition(" ")[2]
            known = self.world.access_tokens.get(bearer)
            renewed = [grant for grant in self.world.grants.values() if _renews(grant.refresh_token, request)]
            for grant in renewed or ([known.grant] if known else []):
                deauthorization.uninstall(self.world, grant.client_id, grant.user_id)

    def _answered(self, request: Request) -> Response:
        with self.world.lock:
            try:
                return self._api(request) if request.path.startswith("/v2/") else self._page(request)
            except Refused as refused:
                return refused.response()
            finally:
                if request.method != "GET":
                    self.remember()

    def _page(self, request: Request) -> Response:
        for method, path, view in PAGES:
            found = re.fullmatch(path, request.path)
            if found and method == request.method:
                return view(self.world, request.with_arguments(found.groupdict()))
        return public.not_found(self.world, request)

    def _api(self, request: Request) -> Response:
        endpoint, arguments = _endpoint(request)
        caller: Caller | None = None
        try:
            caller = access.identify(self.world, request)
            self.world.limits.count(caller.account, endpoint.category)
            if endpoint is UNKNOWN:
                raise ApiError(400, 2300, "This API endpoint is not recognized.")
            response = endpoint.view(self.world, request.with_arguments(arguments), caller)
        except Refused as refused:
            response = refused.response()
        account = caller.account if caller else None
        response.headers += self.world.limits.headers(account, endpoint.category)
        response.headers.append(("x-zm-trackingid", f"v=2.0;sim_{len(self.world.calls)}"))
        return response


def _endpoint(request: Request) -> tuple[Endpoint, dict[str, str]]:
    for endpoint in API:
        found = re.fullmatch("/v2" + endpoint.path, request.path)
        if found and endpoint.method == request.method:
            return endpoint, found.groupdict()
    return UNKNOWN, {}


def _renews(refresh_token: str, request: Request) -> bool:
    return request.form().get("refresh_token") == refresh_token
