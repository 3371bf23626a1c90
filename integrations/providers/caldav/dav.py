"""A session at a CalDAV server: below the calendar home that was found, as one user."""

import logging
from typing import Any
from urllib.parse import urljoin

from django.utils.translation import gettext as _
from requests import Response, Session
from requests.auth import HTTPBasicAuth, HTTPDigestAuth

from integrations.exceptions import RequestRejected
from integrations.guarded import Limits
from integrations.outward import Outward
from integrations.providers.caldav import multistatus, queries, translation
from integrations.providers.caldav.multistatus import Answer, Multistatus
from integrations.types import Login

logger = logging.getLogger(__name__)

XML = {"Content-Type": "application/xml; charset=utf-8"}


class Dav(Outward):
    """Paths or addresses on the login's server in, good answers or one of our four errors out."""

    def __init__(self, login: Login) -> None:
        basic = HTTPBasicAuth(login.username.encode(), login.password.encode())
        super().__init__(_("The calendar server"), credentials=basic, limits=Limits(bars=login.no_password_at))
        self.login, self.root = login, login.address
        self.headers["User-Agent"] = "Bridge"
        self._addresses: frozenset[str] | None = None

    def ask(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Response:
        """`If_Match="…"` is the header If-Match."""
        address, named = urljoin(self.root, path), {name.replace("_", "-"): value for name, value in headers.items()}
        content = body.encode() if isinstance(body, str) else body
        response = self._answered(method, address, data=content or None, headers=named)
        logger.info("caldav %s: %s", method, response.status_code)
        if problem := translation.problem(response, address):
            raise problem
        return response

    def propfind(self, path: str, *names: str, depth: str = "0") -> tuple[Answer, ...]:
        response = self.ask("PROPFIND", path, queries.properties(*names), Depth=depth, **XML)
        return multistatus.read(response).answers

    def report(self, path: str, body: str, depth: str = "1") -> Multistatus:
        return multistatus.read(self.ask("REPORT", path, body, Depth=depth, **XML))

    def principal(self) -> str:
        """The path of the user, as the server calls him; empty if it does not say."""
        home = self.propfind(self.root, "D:current-user-principal")
        named = home[0].href("D:current-user-principal") if home else ""
        try:
            return multistatus.path(self.root, named) if named else ""
        except RequestRejected:
            return ""

    def addresses(self) -> frozenset[str]:
        """The user's own e-mail addresses, as he may stand in events: lower case."""
        if self._addresses is None:
            self._addresses = _mails(self.login.username) | self._told()
        return self._addresses

    def _told(self) -> frozenset[str]:
        """By the server (RFC 6638, 2.4.1), if it knows."""
        principal = self.principal()
        try:
            found = self.propfind(principal, "C:calendar-user-address-set") if principal else ()
        except RequestRejected:
            return frozenset()
        known = [one.properties.get(queries.clark("C:calendar-user-address-set")) for one in found]
        hrefs = [href.text or "" for one in known if one is not None for href in one.iter(queries.clark("D:href"))]
        return frozenset().union(*(_mails(href) for href in hrefs))

    def _answered(self, method: str, address: str, **how: Any) -> Response:
        """A server that knows only Digest gets no plain password from then on."""
        response = self.request(method, address, **how)
        offers = response.headers.get("www-authenticate", "").lower()
        is_first = isinstance(self.credentials, HTTPBasicAuth)
        if response.status_code == 401 and is_first and "digest" in offers and "basic" not in offers:
            self.credentials = HTTPDigestAuth(self.login.username, self.login.password)
            response = self.request(method, address, **how)
        return response


def of(http: Session) -> Dav:
    """The session that the provider made."""
    assert isinstance(http, Dav)
    return http


def _mails(text: str) -> frozenset[str]:
    mail = text.strip().lower().removeprefix("mailto:")
    return frozenset({mail}) if "@" in mail and "/" not in mail else frozenset()
