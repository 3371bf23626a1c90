"""An app at the simulated Google, as its calls look from outside."""

import base64
import hashlib
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, quote, urlsplit

import requests

from integrations.simulators.google.identity.scopes import AUTH
from integrations.simulators.google.simulator import GoogleSimulator

CALLBACK = "https://bridge.example/connect/google/callback"
GINA, OLGA, MINA = "gina@gmail.example", "olga@harbour.example", "mina@harbour.example"
EVERYTHING = "openid email profile " + " ".join(
    AUTH + name for name in ("calendar", "contacts", "contacts.other.readonly")
)
EVENT = {
    "summary": "Talk",
    "start": {"dateTime": "2026-12-01T10:00:00+01:00", "timeZone": "Europe/Berlin"},
    "end": {"dateTime": "2026-12-01T10:30:00+01:00", "timeZone": "Europe/Berlin"},
}


class GoogleClient:
    def __init__(self, simulator: GoogleSimulator, url: str) -> None:
        self.simulator, self.url = simulator, url
        self.http = requests.Session()
        self.token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.http.close()

    def authorize(self, email: str = "", **query: str) -> requests.Response:
        """As far as Google redirects to, or its page."""
        self.simulator.switches.consents_as = email or None
        asked = {"client_id": "client", "redirect_uri": CALLBACK, "response_type": "code", "scope": EVERYTHING}
        asked |= {"access_type": "offline", "state": "s"} | query
        return self.http.get(f"{self.url}/o/oauth2/v2/auth", params=asked, allow_redirects=False)

    def code(self, email: str, **query: str) -> str:
        return back(self.authorize(email, **query))["code"]

    def exchange(self, code: str, **fields: str) -> requests.Response:
        sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        return self.post("token", **{**sent, **fields})

    def refresh(self, token: str, **fields: str) -> requests.Response:
        return self.post("token", grant_type="refresh_token", refresh_token=token, **fields)

    def post(self, path: str, **fields: str) -> requests.Response:
        sent = {"client_id": "client", "client_secret": "secret"} | fields
        return self.http.post(f"{self.url}/{path}", data=sent)

    def connect(self, email: str = GINA, **query: str) -> dict[str, Any]:
        """The token answer; calls are made with it from now on."""
        answer: dict[str, Any] = self.exchange(self.code(email, **query)).json()
        self.token = answer["access_token"]
        return answer

    def call(self, method: str, path: str, body: object = None, **how: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | how.pop("headers", {})
        return self.http.request(method, self.url + path, json=body, headers=headers, **how)

    def calendar(self, method: str, path: str, body: object = None, **how: Any) -> requests.Response:
        return self.call(method, "/calendar/v3" + path, body, **how)

    def events(self, method: str = "GET", event: str = "", body: Any = None, **how: Any) -> requests.Response:
        """Of a calendar: `of`, or the main one."""
        path = f"/calendars/{quote(how.pop('of', 'primary'), safe='')}/events" + (f"/{event}" if event else "")
        return self.calendar(method, path, body, **how)

    def inserted(self, **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.events("POST", body={**EVENT, **more}).json()
        return answer

    def listed(self, **query: Any) -> tuple[list[dict[str, Any]], str]:
        """All pages, and the sync token."""
        items: list[dict[str, Any]] = []
        while True:
            answer = self.events(params=query).json()
            items += answer["items"]
            if "nextPageToken" not in answer:
                return items, answer.get("nextSyncToken", "")
            query["pageToken"] = answer["nextPageToken"]


def back(answer: requests.Response) -> dict[str, str]:
    """What the redirect says."""
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def reason(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def ids(items: Iterable[dict[str, Any]]) -> set[str]:
    return {item["id"] for item in items}
