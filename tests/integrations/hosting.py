"""An application that sends people to choose a conferencing service, and what it learns when they come back."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.test import Client

from accounts.models import Application
from integrations.models import HostedRequest

BACK = "https://crm.example.org/callback"
ISS = "http://testserver"


def address(application: Application, **besides: str) -> str:
    """Where it sends them."""
    asked = {"client_id": application.client_id, "redirect_uri": BACK, "state": "s-1"} | besides
    return f"/connect/conferencing?{urlencode(asked)}"


def opened(browser: Client, application: Application, **besides: str) -> str:
    """The path of the page that somebody is led to."""
    answer = browser.get(address(application, **besides))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def told(answer: Any) -> dict[str, str]:
    """What the application is told by the redirect; nothing twice."""
    assert answer.status_code == 302, answer.content.decode()
    place = answer["Location"]
    assert place.startswith(f"{BACK}?"), place
    said = parse_qsl(urlsplit(place).query, strict_parsing=True)
    assert len(said) == len(dict(said))
    return dict(said)


def is_open() -> bool:
    return HostedRequest.objects.get().answered_at is None
