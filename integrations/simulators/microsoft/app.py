"""The WSGI application: which address does what, and the faults around it."""

import re
import time
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators import http
from integrations.simulators.faults import Fault, Kind
from integrations.simulators.http import Request, Response
from integrations.simulators.microsoft import limits, revocation
from integrations.simulators.microsoft.control import page as control
from integrations.simulators.microsoft.errors import Refused
from integrations.simulators.microsoft.graph import dispatch
from integrations.simulators.microsoft.identity import id_tokens, token_endpoint
from integrations.simulators.microsoft.pages import admin_consent, frame, public, sign_in
from integrations.simulators.microsoft.world import Call, World

View = Callable[[World, Request], Response]
TENANT = "/(?P<tenant>[^/]+)"
OURS = re.compile(r"/(control.*|microsoft\.css)?$")
"""Pages of the simulator itself, which never fails."""
PAGES: tuple[tuple[str, str, View], ...] = (
    ("GET", "/microsoft.css", frame.style),
    *control.ROUTES,
    ("POST", TENANT + "/oauth2/v2.0/token", token_endpoint.token),
    ("GET", TENANT + "/v2.0/.well-known/openid-configuration", id_tokens.discovery),
    ("GET", TENANT + "/discovery/v2.0/keys", id_tokens.key_set),
    *sign_in.ROUTES,
    *admin_consent.ROUTES,
    *public.ROUTES,
)


class MicrosoftApplication:
    def __init__(self, world: World) -> None:
        self.world = world
        self.remember: Callable[[], None] = lambda: None
        """Called after what may have changed something, before the client hears of it."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = http.read(environ)
        response = self._limited(request)
        self.world.calls.append(Call(request.method, request.path, response.status))
        return http.send(response, environ, start_response)

    def _limited(self, request: Request) -> Response:
        try:
            with limits.entered(self.world, request):
                return self._spoiled(request)
        except Refused as refused:
            return refused.response()

    def _spoiled(self, request: Request) -> Response:
        """Faults wait outside the lock: a slow answer holds up nobody else."""
        fault = None if OURS.match(request.path) else self.world.faults.striking(request)
        if fault is None:
            return self._answered(request)
        if fault.kind is Kind.LATENCY:
            time.sleep(fault.seconds)
        response = self._prevented(fault) if fault.prevents else self._answered_after(request, fault)
        if fault.kind is Kind.LATE_ANSWER:
            time.sleep(fault.seconds)
        return fault.spoil(response)

    def _prevented(self, fault: Fault) -> Response:
        if fault.kind is Kind.RATE_LIMIT:
            return limits.too_many(fault.limit).response()
        return Response(fault.status)

    def _answered_after(self, request: Request, fault: Fault) -> Response:
        if fault.kind is Kind.REVOKE:
            with self.world.lock:
                revocation.by_caller(self.world, request)
        return self._answered(request)

    def _answered(self, request: Request) -> Response:
        if request.path.startswith("/v1.0/"):
            return self._graph(request)
        with self.world.lock:
            try:
                return self._page(request)
            except Refused as refused:
                return refused.response()
            finally:
                self._changed(request)

    def _graph(self, request: Request) -> Response:
        try:
            return dispatch.answered(self.world, request)
        except Refused as refused:
            return refused.response()
        finally:
            self._changed(request)

    def _changed(self, request: Request) -> None:
        if request.method != "GET":
            with self.world.lock:
                self.remember()

    def _page(self, request: Request) -> Response:
        for method, path, view in PAGES:
            found = re.fullmatch(path, request.path)
            if found and method == request.method:
                return view(self.world, request.with_arguments(found.groupdict()))
        return public.not_found(self.world, request)
