"""A plain HTTP client for the simulated Zoom: it adds credentials and nothing else."""

from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import requests

from integrations.simulators.zoom.simulator import ZoomSimulator

CALLBACK = "http://bridge.test/connect/zoom/callback"
MEETING = {
    "topic": "Intro call with Bo",
    "type": 2,
    "start_time": "2026-12-01T09:00:00Z",
    "duration": 30,
    "timezone": "Europe/Berlin",
    "agenda": "Booking BR-7F3K2",
}


class ZoomClient:
    def __init__(self, zoom: ZoomSimulator, url: str) -> None:
        self.zoom, self.url, self.http = zoom, url, requests.Session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.http.close()

    def credentials(self, client_id: str = "client") -> tuple[str, str]:
        return client_id, self.zoom.world.apps[client_id].client_secret

    def token(self, client_id: str = "client", **fields: str) -> requests.Response:
        return self.http.post(f"{self.url}/oauth/token", data=fields, auth=self.credentials(client_id), timeout=10)

    def exchange(self, code: str, client_id: str = "client", **more: str) -> requests.Response:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **more}
        return self.token(client_id, **fields)

    def refresh(self, refresh_token: str, client_id: str = "client") -> requests.Response:
        return self.token(client_id, grant_type="refresh_token", refresh_token=refresh_token)

    def server_token(self, account_id: str, client_id: str = "server") -> requests.Response:
        return self.token(client_id, grant_type="account_credentials", account_id=account_id)

    def connect(self, email: str, client_id: str = "client") -> dict[str, Any]:
        """Authorize and exchange: the whole token answer."""
        answer = self.exchange(self.zoom.authorize(email, client_id), client_id)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def revoke(self, token: str, client_id: str = "client") -> requests.Response:
        auth = self.credentials(client_id)
        return self.http.post(f"{self.url}/oauth/revoke", data={"token": token}, auth=auth, timeout=10)

    def call(self, method: str, path: str, token: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return self.http.request(method, f"{self.url}/v2{path}", headers=headers, **{"timeout": 10, **more})

    def create(self, token: str, host: str = "me", **more: Any) -> requests.Response:
        return self.call("POST", f"/users/{host}/meetings", token, json={**MEETING, **more})

    def created(self, token: str, host: str = "me", **more: Any) -> dict[str, Any]:
        answer = self.create(token, host, **more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def authorize_page(self, client_id: str = "client", **more: str) -> requests.Response:
        query = {"response_type": "code", "client_id": client_id, "redirect_uri": CALLBACK, "state": "s 1/ä"}
        url = f"{self.url}/oauth/authorize"
        return self.http.get(url, params={**query, **more}, allow_redirects=False, timeout=10)

    def step(self, name: str, email: str, query: str, **more: str) -> requests.Response:
        """Press a button of the authorization pages: user, decision, approve, request."""
        fields = {"user": self.zoom.user(email).id, "query": query, **more}
        url = f"{self.url}/oauth/authorize/{name}"
        return self.http.post(url, data=fields, allow_redirects=False, timeout=10)

    def sign_in(self, email: str, client_id: str = "client", **more: str) -> requests.Response:
        return self.step("user", email, self.query(client_id, **more))

    def decide(self, email: str, decision: str, client_id: str = "client", **more: str) -> requests.Response:
        return self.step("decision", email, self.query(client_id, **more), decision=decision)

    def query(self, client_id: str = "client", **more: str) -> str:
        page = self.authorize_page(client_id, **more)
        return urlsplit(page.request.url or "").query


def returned(answer: requests.Response) -> dict[str, str]:
    """The parameters of a redirect to the callback."""
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(CALLBACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
