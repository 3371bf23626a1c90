"""A CRM in one file. It has meetings made for its appointments by Bridge, and never sees anybody's Zoom account.

It goes the whole way: consent (OAuth with PKCE), Bridge's page where one connects a conferencing service, events with
meetings, and signed webhooks. It needs Python 3.11 and requests; README.md beside it has the two commands.

What it knows is kept in memory, for one browser at a time. A real one keeps tokens encrypted, in its database.
"""

import base64
import hashlib
import hmac
import html
import json
import os
import secrets
import time
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

BRIDGE = os.environ.get("BRIDGE", "http://127.0.0.1:8000")
PORT = int(os.environ.get("PORT", "5000"))
CRM = os.environ.get("CRM", f"http://127.0.0.1:{PORT}")
CLIENT = os.environ.get("CLIENT_ID", ""), os.environ.get("CLIENT_SECRET", "")
REDIRECT_URI = f"{CRM}/callback"
SCOPES = "conferencing:read events:read events:write"
TYPES = ["meeting.ready", "meeting.failed", "meeting.deleted"]


class Refused(Exception):
    """Bridge said no; the sentence is for people."""


# --- Bridge's side of the conversation --------------------------------------------------------------------------------


class Account:
    """What Bridge lets us do for one person."""

    def __init__(self, tokens: dict[str, str]) -> None:
        self.tokens, self.lock = tokens, Lock()

    def call(self, method: str, path: str, body: object = None, key: str = "") -> Any:
        """Once more with a fresh token if the one we have has run out."""
        used = self.tokens["access_token"]
        answer = self._send(method, path, body, key)
        if answer.status_code == 401:
            self._refresh(used)
            answer = self._send(method, path, body, key)
        if answer.status_code >= 400:
            raise Refused(reason(answer))
        return answer.json() if answer.content else None

    def _send(self, method: str, path: str, body: object, key: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        headers |= {"Idempotency-Key": key} if key else {}
        return requests.request(method, f"{BRIDGE}/api/v1/{path}", json=body, headers=headers, timeout=10)

    def _refresh(self, used: str) -> None:
        """A refresh token works once, so only one of our threads may use it."""
        with self.lock:
            if self.tokens["access_token"] == used:
                renewal = {"grant_type": "refresh_token", "refresh_token": self.tokens["refresh_token"]}
                self.tokens = ask_for_tokens(renewal)


def reason(answer: requests.Response) -> str:
    """Bridge's problems have a sentence; what stands before it in the network may say anything."""
    if answer.headers["Content-Type"] != "application/problem+json":
        return f"Bridge answered with {answer.status_code}."
    problem = answer.json()
    return f"{problem['title']}. {problem['detail']}"


def ask_for_tokens(grant: dict[str, str]) -> dict[str, str]:
    answer = requests.post(f"{BRIDGE}/oauth/token", grant, auth=CLIENT, timeout=10)
    if answer.status_code != 200:
        raise Refused(f"Bridge gave no token: {answer.json().get('error')}.")
    tokens: dict[str, str] = answer.json()
    return tokens


def consent_address(state: str, verifier: str) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    question = {
        "response_type": "code",
        "client_id": CLIENT[0],
        "redirect_uri": REDIRECT_URI,
        "scope": SCOPES,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{BRIDGE}/oauth/authorize?{urlencode(question)}"


def conferencing_address(state: str) -> str:
    question = {"client_id": CLIENT[0], "redirect_uri": REDIRECT_URI, "state": state}
    return f"{BRIDGE}/connect/conferencing?{urlencode(question)}"


def subscribe() -> str:
    """Where we want to be told what happens; gives the secret that signs. One from an earlier start is replaced."""
    own = Account(ask_for_tokens({"grant_type": "client_credentials", "scope": "webhooks"}))
    address = f"{CRM}/webhooks"
    for former in own.call("GET", "webhooks")["items"]:
        if former["url"] == address:
            own.call("DELETE", f"webhooks/{former['id']}")
    made = own.call("POST", "webhooks", {"url": address, "types": TYPES}, key=secrets.token_hex(16))
    return str(made["secret"])


def is_signed(secret: str, headers: Any, body: bytes) -> bool:
    """As Standard Webhooks says: over the bytes as they came, with our secret, and not long ago."""
    moment = headers.get("webhook-timestamp", "")
    if not (secret and moment.isdecimal() and abs(time.time() - int(moment)) < 300):
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join([headers.get("webhook-id", "").encode(), moment.encode(), body])
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return any(hmac.compare_digest(wanted, given) for given in headers.get("webhook-signature", "").split())


# --- Our own side -----------------------------------------------------------------------------------------------------


class Session:
    """One browser.  asked: what we wait for, by the `state` we sent along.  events: the ids of those we have made.

    service: where he wants his meetings; his default in Bridge until he has chosen one for us.
    """

    def __init__(self) -> None:
        self.asked: dict[str, str] = {}
        self.account: Account | None = None
        self.events: list[str] = []
        self.service = "default"
        self.note = ""


SESSIONS: dict[str, Session] = {}
TOLD: dict[str, dict[str, Any]] = {}
"""What Bridge has told us, by the id of the message: one that comes twice counts once."""

SIGNING: dict[str, str] = {}


class Crm(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        pages = {"/": self.home, "/consent": self.consent, "/conferencing": self.conferencing}
        if parts.path == "/callback":
            self.act(lambda: self.come_back({name: values[0] for name, values in parse_qs(parts.query).items()}))
        elif parts.path in pages:
            pages[parts.path]()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/webhooks":
            return self.hear(body)
        typed = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        actions = {"/events": self.make, "/move": self.move, "/delete": self.delete}
        if self.path not in actions or self.session.account is None:
            return self.send_error(404)
        return self.act(lambda: actions[self.path](typed))

    # --- Consent, and a conferencing service

    def consent(self) -> None:
        state, verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(48)
        self.session.asked[state] = verifier
        self.redirect(consent_address(state, verifier))

    def conferencing(self) -> None:
        state = secrets.token_urlsafe(16)
        self.session.asked[state] = ""
        self.redirect(conferencing_address(state))

    def come_back(self, answer: dict[str, str]) -> str:
        """From Bridge. Only what answers a question of this very browser counts, and only once."""
        verifier = self.session.asked.pop(answer.get("state", ""), None)
        if verifier is None or answer.get("iss") != BRIDGE:
            raise Refused("That was no answer to a question of ours.")
        if "result" in answer:
            self.session.service = answer.get("service", self.session.service)
            return f"Conferencing: {answer['result']}, {self.session.service}"
        if "code" not in answer:
            raise Refused(f"No consent: {answer.get('error')}.")
        grant = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": REDIRECT_URI}
        self.session.account = Account(ask_for_tokens(grant | {"code_verifier": verifier}))
        return "Bridge acts for you now."

    # --- Events with meetings

    def make(self, typed: dict[str, str]) -> str:
        """The form brings a key of its own: sent twice, it is still one event and one meeting."""
        where = {"conferencing": {"service": self.session.service}}
        event = {"title": typed["title"]} | span(typed["start"], typed["minutes"]) | where
        made = self.account.call("POST", "events", event, key=typed["key"])
        if made["id"] not in self.session.events:
            self.session.events.append(made["id"])
        return f"Made: {made['title']}."

    def move(self, typed: dict[str, str]) -> str:
        event = self.account.call("GET", f"events/{typed['id']}")
        start, end = (datetime.fromisoformat(event[name]) + timedelta(hours=1) for name in ("start", "end"))
        self.account.call("PATCH", f"events/{typed['id']}", {"start": start.isoformat(), "end": end.isoformat()})
        return "Moved by an hour."

    def delete(self, typed: dict[str, str]) -> str:
        self.account.call("DELETE", f"events/{typed['id']}")
        self.session.events.remove(typed["id"])
        return "Deleted, and its meeting with it."

    # --- Webhooks

    def hear(self, body: bytes) -> None:
        """Answer first; what takes long is done afterwards."""
        if not is_signed(SIGNING.get("secret", ""), self.headers, body):
            return self.send_error(401)
        TOLD.setdefault(self.headers["webhook-id"], json.loads(body))
        self.send_response(204)
        return self.end_headers()

    # --- Pages

    def home(self) -> None:
        try:
            body = self.overview() if self.session.account else welcome()
        except Refused as refused:
            body = f"<p>{html.escape(str(refused))}</p>{welcome()}"
        note, self.session.note = self.session.note, ""
        self.show(f'<p role="status">{html.escape(note)}</p>{body}')

    def overview(self) -> str:
        services = self.account.call("GET", "conferencing/services")
        events = [self.account.call("GET", f"events/{event}") for event in self.session.events]
        told = "".join(f"<li>{html.escape(message['type'])}</li>" for message in TOLD.values())
        return "".join(
            [
                f"<h2>Where to meet</h2><ul>{''.join(map(service_line, services['items']))}</ul>",
                '<p><a href="/conferencing">Connect a conferencing service</a></p>',
                f"<h2>Appointments</h2>{''.join(map(event_card, events))}{new_event()}",
                f"<h2>What Bridge told us</h2><ul>{told}</ul>",
            ]
        )

    def show(self, body: str) -> None:
        head = "<meta charset=utf-8><title>CRM</title><link rel=icon href=data:>"
        page = f"<!doctype html><html lang=en>{head}<h1>CRM</h1>{body}"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.keep_session()
        self.end_headers()
        self.wfile.write(page.encode())

    # --- What every request needs

    @property
    def account(self) -> Account:
        assert self.session.account is not None
        return self.session.account

    @property
    def session(self) -> Session:
        if not hasattr(self, "_sid"):
            sent = SimpleCookie(self.headers.get("Cookie", "")).get("crm")
            self._sid = sent.value if sent and sent.value in SESSIONS else secrets.token_urlsafe(32)
        return SESSIONS.setdefault(self._sid, Session())

    def keep_session(self) -> None:
        self.send_header("Set-Cookie", f"crm={self._sid}; Path=/; HttpOnly; SameSite=Lax")

    def act(self, action: Any) -> None:
        """Do it, and tell on the page how it went."""
        try:
            self.session.note = action()
        except Refused as refused:
            self.session.note = str(refused)
        self.redirect("/")

    def redirect(self, address: str) -> None:
        self.session  # noqa: B018  # there is one from now on
        self.send_response(303)
        self.send_header("Location", address)
        self.keep_session()
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Addresses here carry codes, so they are not written down."""


def span(start: str, minutes: str) -> dict[str, Any]:
    """A time as the browser's field gives it, in our own zone: Bridge wants the offset too."""
    began = datetime.fromisoformat(start).astimezone()
    return {"start": began.isoformat(), "end": (began + timedelta(minutes=int(minutes))).isoformat()}


def welcome() -> str:
    return '<p>Let Bridge add meetings to your appointments.</p><p><a href="/consent">Connect Bridge</a></p>'


def service_line(service: dict[str, Any]) -> str:
    return f"<li>{html.escape(service['name'])}: {html.escape(service['state'])}</li>"


def event_card(event: dict[str, Any]) -> str:
    where = event["conferencing"]
    link, state = html.escape(where["join_url"]), html.escape(where["state"])
    place = f'<a href="{link}">Join</a>' if link else f"<em>{state}</em>"
    buttons = "".join(
        f'<form method=post action="/{action}"><input type=hidden name=id value="{event["id"]}">'
        f"<button>{action.title()}</button></form>"
        for action in ("move", "delete")
    )
    return f"<section><h3>{html.escape(event['title'])}</h3><p>{event['start']} · {place}</p>{buttons}</section>"


def new_event() -> str:
    tomorrow = (datetime.now().astimezone() + timedelta(days=1)).replace(hour=14, minute=0)
    return f"""<h3>New</h3><form method=post action="/events">
    <input type=hidden name=key value="{secrets.token_hex(16)}">
    <label>What <input name=title value="Interview with Ivan" required></label>
    <label>When <input type=datetime-local name=start value="{tomorrow:%Y-%m-%dT%H:%M}" required></label>
    <label>Minutes <input type=number name=minutes value=30 min=5 required></label>
    <button>Make</button></form>"""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Crm)
    try:
        SIGNING["secret"] = subscribe()
    except Refused as refused:
        print(f"Without webhooks: {refused}", flush=True)
    print(f"The CRM is at {CRM}/", flush=True)
    server.serve_forever()
