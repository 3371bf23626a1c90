"""An application as it meets our OAuth server: sends somebody, takes the answer, asks for tokens."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.test import Client

from accounts.models import Application, Membership

SECRET, CALLBACK = "application-secret", "https://crm.example.org/callback"
VERIFIER = "the-verifier-of-this-test-is-long-enough-for-rfc-7636"


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def address(application: Application, **changed: str | None) -> str:
    """Where it sends people; a parameter that is None is left out."""
    asked: dict[str, str | None] = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": CALLBACK,
        "scope": "events:read events:write",
        "state": "as-it-was",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
    }
    kept = {name: value for name, value in (asked | changed).items() if value is not None}
    return f"/oauth/authorize?{urlencode(kept)}"


def answer(response: Any) -> dict[str, str]:
    """What the address says to which somebody is sent back."""
    assert response.status_code == 302, response.content.decode()[:500]
    return dict(parse_qsl(urlsplit(response["Location"]).query))


def allow(browser: Client, application: Application, at: Membership, **changed: str | None) -> dict[str, str]:
    scopes = (changed.get("scope") or "events:read events:write").split()
    said = browser.post(address(application, **changed), {"membership": str(at.uid), "scopes": scopes})
    return answer(said)


def exchange(application: Application, code: str, **changed: str | None) -> Any:
    """The code for tokens."""
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK} | changed
    return ask(application, "token", **sent)


def refresh(application: Application, token: str, **changed: str | None) -> Any:
    sent = {"grant_type": "refresh_token", "refresh_token": token, "code_verifier": None} | changed
    return ask(application, "token", **sent)


def ask(application: Application, path: str = "token", **changed: str | None) -> Any:
    sent: dict[str, str | None] = {"client_id": application.client_id, "code_verifier": VERIFIER}
    if application.is_confidential:
        sent["client_secret"] = SECRET
    kept = {name: value for name, value in (sent | changed).items() if value is not None}
    return Client().post(f"/oauth/{path}", kept)


def tokens(browser: Client, application: Application, at: Membership, **changed: str | None) -> dict[str, Any]:
    """The whole way."""
    said: dict[str, Any] = exchange(application, allow(browser, application, at, **changed)["code"]).json()
    return said


def works(token: str) -> bool:
    status: int = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code
    return status == 200
