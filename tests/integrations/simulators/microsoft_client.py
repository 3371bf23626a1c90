"""A plain HTTP client for the simulated Microsoft: it adds credentials and nothing else."""

from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, quote, urlsplit

import requests

from integrations.simulators.microsoft.handles.apps import SCOPES
from integrations.simulators.microsoft.simulator import MicrosoftSimulator

CALLBACK = "http://bridge.test/connect/microsoft/callback"
EVENT = {
    "subject": "Intro call with Bo",
    "start": {"dateTime": "2026-12-01T09:00:00", "timeZone": "W. Europe Standard Time"},
    "end": {"dateTime": "2026-12-01T09:30:00", "timeZone": "W. Europe Standard Time"},
}


class MicrosoftClient:
    def __init__(self, microsoft: MicrosoftSimulator, url: str) -> None:
        self.microsoft, self.url, self.http = microsoft, url, requests.Session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.http.close()

    def token(self, tenant: str = "common", client_id: str = "client", **fields: str) -> requests.Response:
        secret = self.microsoft.world.apps[client_id].client_secret
        known = {"client_id": client_id, "client_secret": secret, **fields}
        return self.http.post(f"{self.url}/{tenant}/oauth2/v2.0/token", data=known, timeout=10)

    def exchange(self, code: str, tenant: str = "common", **more: str) -> requests.Response:
        return self.token(tenant, grant_type="authorization_code", code=code, **{"redirect_uri": CALLBACK, **more})

    def refresh(self, refresh_token: str, tenant: str = "common", **more: str) -> requests.Response:
        return self.token(tenant, grant_type="refresh_token", refresh_token=refresh_token, **more)

    def app_token(self, tenant: str, **more: str) -> requests.Response:
        scope = "https://graph.microsoft.com/.default"
        return self.token(tenant, grant_type="client_credentials", **{"scope": scope, **more})

    def connect(self, email: str, scope: str = SCOPES, **more: str) -> dict[str, Any]:
        """Authorize and exchange: the whole token answer."""
        answer = self.exchange(self.microsoft.authorize(email, scope, **more))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def call(self, method: str, path: str, token: str, *prefer: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", **({"Prefer": ", ".join(prefer)} if prefer else {})}
        headers |= more.pop("headers", {})
        url = path if path.startswith("http") else f"{self.url}/v1.0{path}"
        return self.http.request(method, url, headers=headers, **{"timeout": 10, **more})

    def get(self, path: str, token: str, *prefer: str, **params: str) -> dict[str, Any]:
        answer = self.call("GET", path, token, *prefer, params=params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def create(self, token: str, *prefer: str, at: str = "/me/events", **more: Any) -> requests.Response:
        return self.call("POST", at, token, *prefer, json={**EVENT, **more})

    def created(self, token: str, *prefer: str, **more: Any) -> dict[str, Any]:
        answer = self.create(token, *prefer, **more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def authorize_page(self, tenant: str = "common", **more: str) -> requests.Response:
        query = {"response_type": "code", "client_id": "client", "redirect_uri": CALLBACK, "state": "s 1/ä"}
        url = f"{self.url}/{tenant}/oauth2/v2.0/authorize"
        return self.http.get(url, params={**query, "scope": SCOPES, **more}, allow_redirects=False, timeout=10)

    def step(self, name: str, email: str, page: requests.Response, **more: str) -> requests.Response:
        """Press a button of the authorization pages: user, decision, request."""
        address = urlsplit(page.request.url or "")
        fields = {"user": self.microsoft.user(email).id, "query": address.query, **more}
        url = f"{self.url}{address.path}/{name}"
        return self.http.post(url, data=fields, allow_redirects=False, timeout=10)

    def admin_page(self, tenant: str, scope: str, **more: str) -> requests.Response:
        query = {"client_id": "client", "redirect_uri": CALLBACK, "state": "s2", "scope": scope, **more}
        url = f"{self.url}/{tenant}/v2.0/adminconsent"
        return self.http.get(url, params=query, allow_redirects=False, timeout=10)


def returned(answer: requests.Response) -> dict[str, str]:
    """The parameters of a redirect to the callback."""
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(CALLBACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def quoted(id: str) -> str:
    return quote(id, safe="")
