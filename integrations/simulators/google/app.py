"""The WSGI application: which address does what, and the faults around it."""

import re
import time
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators import http
from integrations.simulators.faults import Fault, Kind
from integrations.simulators.google.calendar import routes
from integrations.simulators.google.errors import PageError, Refused, not_found, too_many
from integrations.simulators.google.identity import endpoints, tokens
from integrations.simulators.google.pages import control, frame, sign_in
from integrations.simulators.google.people import contacts
from integrations.simulators.google.records import Call
from integrations.simulators.google.world import World
from integrations.simulators.http import Request, Response

View = Callable[[World, Request], Response]
ROUTES: tuple[tuple[str, str, View], ...] = (
    *endpoints.ROUTES,
    *routes.ROUTES,
    *contacts.ROUTES,
    *sign_in.ROUTES,
    *control.ROUTES,
)


class GoogleApplication:
    def __init__(self, world: World) -> None:
        self.world = world
        self.remember: Callable[[], None] = lambda: None
        """Called after what may have changed something, before the client hears of it."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = http.read(environ)
        response = self._spoiled(request)
        self.world.calls.append(Call(request.method, request.path, response.status, request.raw_query))
        return http.send(response, environ, start_response)

    def _spoiled(self, request: Request) -> Response:
        """Faults wait outside the lock: a slow answer holds up nobody else."""
        fault = self.world.faults.striking(request) if not request.path.startswith("/control") else None
        if fault is None:
            return self._answered(request)
        if fault.kind is Kind.LATENCY:
            time.sleep(fault.seconds)
        response = _prevented(fault) if fault.prevents else self._answered_after(request, fault)
        if fault.kind is Kind.LATE_ANSWER:
            time.sleep(fault.seconds)
        return fault.spoil(response)

    def _answered_after(self, request: Request, fault: Fault) -> Response:
        if fault.kind is Kind.REVOKE:
            bearer = request.headers.get("authorization", "").partition(" ")[2]
            with self.world.lock:
                found = self.world.access_tokens.get(bearer)
                if found is not None:
                    tokens.end(self.world, self.world.apps[found.client_id].project, found.sub)
        return self._answered(request)

    def _answered(self, request: Request) -> Response:
        with self.world.lock:
            try:
                return self._routed(request)
            except PageError as refused:
                return frame.refusal(request, refused)
            except Refused as refused:
                return refused.response()
            finally:
                if request.method != "GET":
                    self.remember()

    def _routed(self, request: Request) -> Response:
        for method, path, view in ROUTES:
            found = re.fullmatch(path, request.path)
            if found and method == request.method:
                return view(self.world, request.with_arguments(found.groupdict()))
        raise not_found()


def _prevented(fault: Fault) -> Response:
    return too_many(fault.limit).response() if fault.kind is Kind.RATE_LIMIT else Response(fault.status)
