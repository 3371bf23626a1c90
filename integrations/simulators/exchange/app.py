"""The WSGI application: one address, the operations behind it, and the faults around them."""

import time
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment
from xml.etree.ElementTree import Element

from integrations.simulators import http
from integrations.simulators.exchange import access, cloud, control, finding, folders, items, people, soap, syncing
from integrations.simulators.exchange.access import Stopped
from integrations.simulators.exchange.records import Call, Mailbox
from integrations.simulators.exchange.soap import Envelope, Fault, Refused
from integrations.simulators.exchange.world import World
from integrations.simulators.faults import Fault as Misbehaviour
from integrations.simulators.faults import Kind
from integrations.simulators.http import Request, Response

PATH = "/EWS/Exchange.asmx"
Operation = Callable[[World, Mailbox, Element], list[Element]]
OPERATIONS: dict[str, Operation] = {
    "GetFolder": folders.get,
    "FindFolder": folders.find,
    "FindItem": finding.find,
    "GetItem": items.get,
    "CreateItem": items.create,
    "UpdateItem": items.update,
    "DeleteItem": items.delete,
    "SyncFolderItems": syncing.items,
    "GetUserAvailability": people.availability,
    "ResolveNames": people.resolve,
    "GetServerTimeZones": people.time_zones,
    "ConvertId": people.convert_id,
}


class ExchangeApplication:
    def __init__(self, world: World) -> None:
        self.world = world
        self.remember: Callable[[], None] = lambda: None
        """Called after what may have changed something, before the client hears of it."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = http.read(environ)
        return http.send(self._spoiled(request), environ, start_response)

    def _spoiled(self, request: Request) -> Response:
        """Faults wait outside the lock: a slow answer holds up nobody else."""
        fault = self.world.faults.striking(request)
        if fault is None:
            return self._answered(request)
        if fault.kind is Kind.LATENCY:
            time.sleep(fault.seconds)
        response = self._noted(request, Response(fault.status)) if fault.prevents else self._answered(request)
        if fault.kind is Kind.LATE_ANSWER:
            time.sleep(fault.seconds)
        return _spoil(fault, response)

    def _answered(self, request: Request) -> Response:
        if request.method == "POST" and cloud.TOKEN.fullmatch(request.path):
            return self._noted(request, cloud.token(self.world, request))
        if request.path in control.PATHS:
            return self._controlled(request)
        if request.path.lower() != PATH.lower():
            return self._noted(request, Response(404, b"<html><body>Not Found</body></html>"))
        if request.method != "POST":
            return self._noted(request, Response(405, b""))
        with self.world.lock:
            response = self._asked(request)
            self.remember()
            return response

    def _controlled(self, request: Request) -> Response:
        with self.world.lock:
            if request.method != "POST":
                return control.show(self.world, request)
            response = control.act(self.world, request)
            self.remember()
            return response

    def _asked(self, request: Request) -> Response:
        envelope: Envelope | None = None
        try:
            caller = access.identify(self.world, request)
            envelope = soap.read(request.body)
            access.check_version(self.world, envelope)
            response = self._done(caller, envelope, request)
        except Stopped as stopped:
            response = stopped.response
        except Fault as fault:
            response = soap.fault(fault, self.world.product)
        return self._noted(request, response, envelope)

    def _done(self, caller: Mailbox, envelope: Envelope, request: Request) -> Response:
        operation = OPERATIONS.get(envelope.operation)
        if operation is None:
            raise Fault("ErrorInvalidRequest", f"{envelope.operation} is not played.")
        try:
            access.wait(self.world)
            anchor = request.headers.get("x-anchormailbox", "")
            owner = access.open_mailbox(self.world, caller, envelope, anchor)
            if code := self.world.switches.refuses.get(envelope.operation):
                raise Refused(code)
            inside = operation(self.world, owner, envelope.request)
        except Fault:
            raise
        except Refused as refused:
            inside = soap.messages(envelope.operation, [soap.error(envelope.operation, refused)])
        return soap.answer(envelope.operation, inside, self.world.product)

    def _noted(self, request: Request, response: Response, envelope: Envelope | None = None) -> Response:
        who = envelope.impersonated[1] if envelope and envelope.impersonated else ""
        operation, version = (envelope.operation, envelope.version) if envelope else ("", "")
        anchor = request.headers.get("x-anchormailbox", "")
        self.world.calls.append(Call(request.method, request.path, response.status, operation, who, anchor, version))
        return response


def _spoil(fault: Misbehaviour, response: Response) -> Response:
    return response if fault.kind in (Kind.LATENCY, Kind.LATE_ANSWER) else fault.spoil(response)
