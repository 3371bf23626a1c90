"""Who is calling, for whose mailbox, and whether the server has time for him."""

import base64
import binascii
import hmac
from collections.abc import Callable

from integrations.simulators.exchange import ntlm
from integrations.simulators.exchange.records import Mailbox
from integrations.simulators.exchange.soap import Envelope, Fault, Refused
from integrations.simulators.exchange.world import World
from integrations.simulators.http import Request, Response

BUSY = ("503", "fault", "inner", "connections")


class Stopped(Exception):
    """The call ends with this answer, before any SOAP."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def identify(world: World, request: Request) -> Mailbox:
    """Whose password it is. Raises Stopped with 401, or with what the handshake says next."""
    scheme, _space, sent = request.headers.get("authorization", "").partition(" ")
    if scheme not in world.switches.schemes:
        raise Stopped(_unauthorized(world))
    if scheme == "Bearer":
        return _by_token(world, sent)
    if scheme == "NTLM":
        return _by_handshake(world, sent)
    try:
        name, _colon, password = base64.b64decode(sent, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Stopped(_unauthorized(world)) from None
    return _known(world, name, lambda owner: hmac.compare_digest(owner.password.encode(), password.encode()))


def _by_token(world: World, sent: str) -> Mailbox:
    """The cloud's way for applications: every mailbox, but only with the header, and only those on the list."""
    client_id = world.tokens.get(sent)
    if client_id is None:
        raise Stopped(_unauthorized(world))
    if client_id not in (world.switches.allowed_apps or ()):
        raise Stopped(Response(403, b"", []))
    return Mailbox("", client_id, "", scope={"*"})


def _by_handshake(world: World, sent: str) -> Mailbox:
    if not ntlm.is_last(sent):
        raise Stopped(Response(401, b"", [("WWW-Authenticate", f"NTLM {ntlm.challenge()}")]))
    proof = ntlm.Proof(sent)
    return _known(world, proof.name, lambda owner: proof.fits(owner.password))


def open_mailbox(world: World, caller: Mailbox, envelope: Envelope, anchor: str) -> Mailbox:
    """Raises Fault."""
    if envelope.impersonated is None:
        if not caller.email:
            text = "ExchangeImpersonation SOAP header must be present for this type of OAuth token."
            raise Fault("ErrorInvalidExchangeImpersonationHeaderData", text)
        if caller.has_moved:
            raise Fault("ErrorNonExistentMailbox")
        return caller
    email = envelope.impersonated[1].lower()
    if world.switches.needs_anchor and anchor.lower() != email:
        raise Stopped(Response(503, b"", []))
    try:
        wanted = world.mailbox(email)
    except Refused as refused:
        raise Fault(refused.code, refused.text, values=refused.values) from None
    if not caller.may_act_for(wanted.email):
        raise Fault("ErrorImpersonateUserDenied", "The account does not have permission to impersonate this user.")
    return wanted


def wait(world: World) -> None:
    """Raises Stopped, Fault or Refused where the server is too busy."""
    switches = world.switches
    if not switches.busy or switches.busy_calls == 0:
        return
    if switches.busy_calls is not None:
        switches.busy_calls -= 1
    values = {"BackOffMilliseconds": str(switches.back_off)} if switches.back_off is not None else {}
    match switches.busy:
        case "503":
            raise Stopped(Response(503, b"Service Unavailable", [("Content-Type", "text/plain")]))
        case "fault":
            raise Fault("ErrorServerBusy", "The server cannot service this request right now.", values=values)
        case "connections":
            raise Fault("ErrorExceededConnectionCount", "You have exceeded the available concurrent connections.")
    raise Refused("ErrorServerBusy", "The server cannot service this request right now.", values=values)


def check_version(world: World, envelope: Envelope) -> None:
    if not world.product.understands(envelope.version):
        raise Fault("ErrorInvalidServerVersion", "The specified server version is invalid.")


def _known(world: World, name: str, is_right: Callable[[Mailbox], bool]) -> Mailbox:
    """Too many wrong passwords lock the account, also for the right one."""
    owner = world.named(name.rpartition("\\")[2].lower())
    if owner is None or owner.wrong_passwords >= world.switches.lock_after:
        raise Stopped(_unauthorized(world))
    if not is_right(owner):
        owner.wrong_passwords += 1
        raise Stopped(_unauthorized(world))
    owner.wrong_passwords = 0
    return owner


def _unauthorized(world: World) -> Response:
    offers = [("WWW-Authenticate", 'Basic realm="mail"' if one == "Basic" else one) for one in world.switches.schemes]
    return Response(401, b"", offers)
