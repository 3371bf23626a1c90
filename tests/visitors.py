"""Somebody with a browser, over HTTP: a session with cookies that follows links and sends forms, with their tokens.

He keeps to one site, as `live_server` serves it; where he is sent elsewhere he stops, and tells the address.
"""

import gc
import threading
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests


@dataclass
class Form:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By what stands on them: name and value."""


class _Reader(HTMLParser):
    """Links and forms; fields as they stand in the page, boxes and choices only if they are ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.leads = ""
        self.open: Form | None = None
        self.pressed: tuple[str, str] | None = None
        self.label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(known.get("action", ""))
            self.forms.append(self.open)
        elif tag == "a":
            self.leads, self.label = known.get("href", ""), ""
        elif tag == "button":
            self.pressed, self.label = (known.get("name", ""), known.get("value", "")), ""
        elif tag == "input" and self.open and known.get("name") and _counts(known):
            self.open.fields.append((known["name"], known.get("value", "on")))

    def handle_data(self, data: str) -> None:
        self.label += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "a":
            self.links.setdefault(" ".join(self.label.split()), self.leads)
        elif tag == "button" and self.open and self.pressed:
            self.open.buttons[" ".join(self.label.split())] = self.pressed


def _counts(known: dict[str, str]) -> bool:
    return known.get("type") not in ("checkbox", "radio") or "checked" in known


def are_gone() -> None:
    """Waits for the server's threads, which close the database behind them."""
    gc.collect()  # clients close their lines when they go
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=5)


class Visitor:
    def __init__(self, site: str) -> None:
        self.site, self.session = site, requests.Session()
        self.session.headers["Connection"] = "close"  # else the server's thread waits, with the database open
        self.page = requests.Response()

    def sign_in(self, email: str, password: str = "correct horse battery") -> None:
        self.open("/account/login/")
        self.press("Sign in", login=email, password=password)
        assert "/account/login" not in self.page.url, self.page.text

    def open(self, address: str) -> str:
        """Where he ends up: in our site, or the address elsewhere that he is sent to."""
        return self._follow(self._ask("GET", urljoin(self.site, address)))

    def press(self, label: str, **typed: Any) -> str:
        """The form with this button, as the page has filled it, with what he types besides."""
        form = next(form for form in self._read().forms if label in form.buttons)
        fields = [(name, value) for name, value in form.fields if name not in typed]
        fields += [(name, one) for name, value in typed.items() for one in (value if type(value) is list else [value])]
        fields += [form.buttons[label]] if form.buttons[label][0] else []
        address = urljoin(self.page.url, form.action)
        headers = {"Origin": self.site, "Referer": self.page.url}
        return self._follow(self._ask("POST", address, data=fields, headers=headers))

    def follow(self, label: str) -> str:
        """The link with these words."""
        return self.open(urljoin(self.page.url, self._read().links[label]))

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.page.text)
        return reader

    def _ask(self, method: str, address: str, **more: Any) -> requests.Response:
        answer = self.session.request(method, address, timeout=20, allow_redirects=False, **more)
        self.session.close()  # the next comes on a line of its own; cookies stay
        return answer

    def _follow(self, answer: requests.Response) -> str:
        while answer.is_redirect:
            address = urljoin(answer.url, answer.headers["Location"])
            if urlsplit(address).netloc != urlsplit(self.site).netloc:
                return address
            answer = self._ask("GET", address)
        self.page = answer
        return answer.url
