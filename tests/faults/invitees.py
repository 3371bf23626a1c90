"""People who book over HTTP, without a browser."""

import re
from datetime import datetime

import requests

from scheduling.models import Scheduler


class Invitee:
    """Opened the form of one time, like everybody else; comes from an address of his own."""

    def __init__(self, url: str, number: int) -> None:
        self.url, self.number = url, number
        self.session = requests.Session()
        self.session.headers["X-Forwarded-For"] = f"10.0.{number // 250}.{number % 250}"

    def open(self) -> None:
        page = self.session.get(self.url, timeout=60)
        assert page.status_code == 200, page.text
        self.fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))

    def book(self) -> requests.Response:
        typed = {"name": f"Invitee {self.number}", "email": f"invitee{self.number}@example.com", "notes": "Kept"}
        return self.session.post(self.url, self.fields | typed, allow_redirects=False, timeout=120)


def form_url(site: str, page: Scheduler, start: datetime) -> str:
    return f"{site}/{page.host.custom_url}/{page.slug}?zone=Europe/Berlin&duration=30&start={start:%Y-%m-%dT%H:%M}Z"
