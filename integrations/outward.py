"""HTTP to addresses that people typed: an Exchange or CalDAV server, the target of a webhook.

Only the public internet and what the operator allows, looked at again on every redirect; no credentials for another
origin than the one they were meant for; time and size are limited. Failures are integrations.exceptions.
"""

from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin

import requests
from django.utils.translation import gettext as _
from requests.auth import AuthBase
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from integrations import guarded, transport
from integrations.exceptions import RequestRejected
from integrations.guarded import GuardedAdapter
from integrations.guarded import Limits as Limits  # who asks, says how long and how much

MOST_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
READING = {"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"}
REDIRECTS = {301, 302, 303, 307, 308}
OF_THE_CALLER = {"authorization", "cookie"}
NO_COOKIES = DefaultCookiePolicy(allowed_domains=[])

Credentials = Callable[[requests.PreparedRequest], requests.PreparedRequest] | AuthBase


class Outward(requests.Session):
    """Every answer of the server called `name`, whatever its status; raises RequestRejected and ProviderUnavailable.

    credentials: for the origin of the address that is asked for, and for no other. Not for sharing between threads.
    """

    def __init__(self, name: str, *, credentials: Credentials | None = None, limits: Limits | None = None) -> None:
        super().__init__()
        self.trust_env = False  # neither proxies nor passwords from this machine
        self.cookies.set_policy(NO_COOKIES)
        self.name, self.credentials = name, credentials
        for scheme in PORTS:
            self.mount(f"{scheme}://", GuardedAdapter(limits))

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **how: Any) -> requests.Response:
        """`allow_redirects=False`: the redirect itself is the answer."""
        follows, address, verb = how.pop("allow_redirects", True), str(url), str(method).upper()
        how["auth"] = self.credentials
        for _hop in range(MOST_REDIRECTS + 1):
            parse(address)
            response = transport.send(super().request, verb, address, name=self.name, **how)
            if not follows or response.status_code not in REDIRECTS or "location" not in response.headers:
                return response
            verb, address, how = onward(verb, address, response, how)
        raise RequestRejected(_("This server sends Bridge from one address to the next, and never answers."))


def check(address: str, *, limits: Limits | None = None) -> None:
    """For forms: whether Bridge would go there now. Raises RequestRejected, with a sentence for who typed it."""
    url = parse(address)
    try:
        guarded.find(
            str(url.host).strip("[]"), url.port or PORTS[str(url.scheme)], limits or Limits(), scheme=str(url.scheme)
        )
    except OSError:
        raise RequestRejected(_("No server of this name was found. Check the spelling of the address.")) from None


def parse(address: str) -> Url:
    """An http or https address with a host and without a password. Raises RequestRejected."""
    url = _parsed(address)
    if url.scheme not in PORTS or not url.host:
        raise RequestRejected(_("The address must begin with https:// and name a server."))
    if url.auth is not None:
        raise RequestRejected(_("The address must not hold a name or password. There are fields for them."))
    if "%" in url.host or (_ends_in_a_number(url.host) and not _is_dotted_quad(url.host)):
        raise RequestRejected(_("Write the server's name in this address; this number is not read as one."))
    return url


def _parsed(address: str) -> Url:
    if any(character <= " " or character in "\\\x7f" for character in address):
        raise RequestRejected(_("The address has a space or another character in it that cannot stand there."))
    try:
        return parse_url(address)
    except LocationParseError:
        raise RequestRejected(_("This is no web address. It looks like https://mail.example.com/.")) from None


def _ends_in_a_number(host: str) -> bool:
    """As browsers decide that 0x7f.1 is meant as an IPv4 address. https://url.spec.whatwg.org/#ends-in-a-number-checker"""
    last = host.rstrip(".").rpartition(".")[2].lower()
    return last.isdecimal() or (last.startswith("0x") and all(digit in "0123456789abcdef" for digit in last[2:]))


def _is_dotted_quad(host: str) -> bool:
    parts = host.split(".")
    return len(parts) == 4 and all(part.isdecimal() and str(int(part)) == part for part in parts)


def onward(
    verb: str, address: str, response: requests.Response, how: dict[str, Any]
) -> tuple[str, str, dict[str, Any]]:
    """Where a redirect leads, and how to ask there."""
    target = urljoin(address, response.headers["location"])
    here, there = parse(address), parse(target)
    if response.status_code == 303 and verb != "HEAD":
        verb, how = "GET", {name: value for name, value in how.items() if name not in ("data", "json", "files")}
    if _origin(here) == _origin(there):
        return verb, target, how
    if here.scheme == "https" and there.scheme != "https":
        raise RequestRejected(_("This server sends Bridge on to an address without encryption."))
    if verb not in READING:
        raise RequestRejected(
            _("This server sends Bridge on to another one. Enter that address instead."), detail=target
        )
    return verb, target, _as_a_stranger(how)


def _origin(url: Url) -> tuple[str | None, str | None, int]:
    return url.scheme, url.host, url.port or PORTS[str(url.scheme)]


def _as_a_stranger(how: dict[str, Any]) -> dict[str, Any]:
    """Without anything that was meant for the first origin."""
    kept = {name: value for name, value in (how.get("headers") or {}).items() if name.lower() not in OF_THE_CALLER}
    return {**how, "auth": None, "cookies": None, "headers": kept | dict.fromkeys(OF_THE_CALLER)}
