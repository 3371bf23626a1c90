"""From what somebody typed to his calendar home (RFC 6764, 5397, 4791).

No look into the DNS for where a domain keeps its calendars: unsigned, its answer would say who gets the password.
"""

import ipaddress
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from integrations import networks, outward
from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.guarded import Limits
from integrations.providers.caldav import multistatus
from integrations.providers.caldav.dav import Dav
from integrations.providers.caldav.multistatus import Answer, origin
from integrations.types import Login

WELL_KNOWN = "/.well-known/caldav"
SERVICES = {
    "apple.com": "https://caldav.icloud.com/",
    "icloud.com": "https://caldav.icloud.com/",
    "me.com": "https://caldav.icloud.com/",
    "mac.com": "https://caldav.icloud.com/",
    "fastmail.com": "https://caldav.fastmail.com/",
    "fastmail.fm": "https://caldav.fastmail.com/",
}
"""Where those are that people name by their mail address."""
PRINCIPAL, HOME = "D:current-user-principal", "C:calendar-home-set"


def find(login: Login) -> Login:
    """With the address of the calendar home. Raises RequestRejected with what to do, AuthorizationLost."""
    start = typed(login.address)
    outward.check(start, limits=Limits(bars=login.no_password_at))
    _require_encryption(start)
    with Dav(replace(login, address=start)) as dav:
        return replace(login, address=_home(dav, start))


def typed(address: str) -> str:
    """The address as people type it: perhaps without https://, perhaps only the end of their mail address."""
    plain = address.strip()
    if "://" not in plain:
        plain = plain.rpartition("@")[2] if "/" not in plain else plain
        plain = SERVICES.get(plain.lower(), f"https://{plain}")
    outward.parse(plain)
    url = urlsplit(plain)
    return url._replace(path=url.path or "/", query="", fragment="").geturl()


def _require_encryption(address: str) -> None:
    url = outward.parse(address)
    if url.scheme == "https":
        return
    places = networks.find(str(url.host).strip("[]"), url.port or 80)
    if not all(_is_within_ours(str(place.at[0])) for place in places):
        raise RequestRejected(_("Begin the address with https://. A password must not travel without encryption."))


def _is_within_ours(text: str) -> bool:
    """In one of the networks that the operator opened."""
    address = ipaddress.ip_address(text.partition("%")[0])
    return any(address.version == one.version and address in one for one in networks.permitted())


def _home(dav: Dav, start: str) -> str:
    """The first of the usual places that knows who we are. A refused password ends it: no second try."""
    for address in _candidates(start):
        if answer := _who(dav, address):
            return _home_of(dav, address, answer)
    raise RequestRejected(
        _(
            "No calendars were found at this address. Look for “CalDAV” in the settings of your calendar service, "
            "and copy the address from there."
        )
    )


def _candidates(start: str) -> list[str]:
    places = [urljoin(start, WELL_KNOWN), urljoin(start, "/")]
    return places if urlsplit(start).path == "/" else [start, *places]


def _who(dav: Dav, address: str) -> Answer | None:
    """What the place says of the user; None if it knows no calendars."""
    try:
        answers = dav.propfind(address, PRINCIPAL, HOME)
    except RequestRejected as rejected:
        if rejected.code in (400, 403, 404, 405, 406, 409, 410, 501):
            return None
        raise
    except ProviderUnavailable as unavailable:
        if unavailable.detail == "HTTP 200":  # a page for people
            return None
        raise
    return next((answer for answer in answers if answer.href(PRINCIPAL) or answer.href(HOME)), None)


def _home_of(dav: Dav, address: str, answer: Answer) -> str:
    home, base = answer.href(HOME), address
    if not home:
        base = onward(address, answer.href(PRINCIPAL))
        answers = dav.propfind(base, HOME)
        home = next((found for one in answers if (found := one.href(HOME))), "")
    if not home:
        raise RequestRejected(_("This server keeps files, but no calendars. Look for its CalDAV address."))
    return _spelled(onward(base, home))


def _spelled(home: str) -> str:
    """In one way, however the server writes it today: the account is known by it."""
    path = multistatus.path(home, home)
    return urlsplit(home)._replace(path=path if path.endswith("/") else f"{path}/", query="", fragment="").geturl()


def onward(base: str, named: str) -> str:
    """Where the server, asked with the password, says that it goes on: perhaps on another of its hosts, as at iCloud.
    Never from an encrypted address to an open one.
    """
    found = urljoin(base, named)
    outward.parse(found)
    if origin(found) != origin(base) and not found.startswith("https://"):
        raise RequestRejected(_("This server sends Bridge on to an address without encryption."))
    return found
