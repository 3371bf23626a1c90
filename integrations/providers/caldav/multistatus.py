"""The answer 207 of a WebDAV server (RFC 4918, 13): what it says of each resource."""

from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _
from requests import Response

from integrations import safe_xml
from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.providers.caldav.queries import clark

PORTS = {"http": 80, "https": 443}
LONGEST = 600
"""Of a path: our own columns are not endless."""


@dataclass(frozen=True)
class Answer:
    """About one resource. `path`: on this server, percent-encoded in one way.  status: 200 where properties came."""

    path: str
    status: int
    properties: dict[str, Element] = field(default_factory=dict)

    def text(self, name: str) -> str:
        found = self.properties.get(clark(name))
        return (found.text or "").strip() if found is not None else ""

    def names(self, name: str) -> set[str]:
        """What kind of elements the property consists of: {DAV:}collection."""
        found = self.properties.get(clark(name))
        return {element.tag for element in found.iter()} if found is not None else set()

    def href(self, name: str) -> str:
        """The first address that the property names, as it is written there."""
        found = self.properties.get(clark(name))
        return ((found.findtext(clark("D:href")) if found is not None else "") or "").strip()


@dataclass(frozen=True)
class Multistatus:
    answers: tuple[Answer, ...]
    sync_token: str = ""


def read(response: Response) -> Multistatus:
    root = _root(response)
    answers = tuple(_answer(response, element) for element in root.iter(clark("D:response")))
    return Multistatus(answers, (root.findtext(clark("D:sync-token")) or "").strip())


def path(base: str, href: str) -> str:
    """Of an address on the same server. Raises RequestRejected for one elsewhere: nothing of ours lies there."""
    try:
        there = urljoin(base, href.strip())
    except ValueError:
        there = ""
    if origin(base) != origin(there):
        raise RequestRejected(_("This server names calendars on another one. Connect that one instead."))
    found = "/".join(_spelled(segment) for segment in urlsplit(there).path.split("/"))
    if len(found) > LONGEST:
        raise RequestRejected(_("This server gives its events names that are too long for Bridge."))
    return found


def origin(address: str) -> tuple[str, str, int]:
    """Scheme, host and port, whether that is written or goes without saying."""
    url = urlsplit(address)
    try:
        return url.scheme, url.hostname or "", url.port or PORTS.get(url.scheme, 0)
    except ValueError:
        return "", "", 0


def _spelled(segment: str) -> str:
    return quote(unquote(segment), safe="@:!$&'()*+,;=~-._")


def _root(response: Response) -> Element:
    if response.status_code != 207:
        raise unclear(response)
    try:
        root = safe_xml.parse(response.content)
    except safe_xml.Hostile as error:
        raise RequestRejected(_("The server’s answer is not safe to read."), detail=str(error)) from None
    except safe_xml.Unreadable as error:
        raise unclear(response) from error
    if root.tag != clark("D:multistatus"):
        raise unclear(response)
    return root


def unclear(response: Response) -> ProviderUnavailable:
    sentence = _("The calendar server’s answer could not be read. Bridge looks again in a moment.")
    return ProviderUnavailable(sentence, detail=f"HTTP {response.status_code}")


def _answer(response: Response, element: Element) -> Answer:
    where = path(response.url, element.findtext(clark("D:href")) or "")
    if (status := element.findtext(clark("D:status"))) is not None:
        return Answer(where, _code(status))
    properties = {
        found.tag: found
        for part in element.iter(clark("D:propstat"))
        if _code(part.findtext(clark("D:status")) or "") == 200
        for found in part.findall(f"{clark('D:prop')}/*")
    }
    return Answer(where, 200, properties)


def _code(status: str) -> int:
    """Of a line such as HTTP/1.1 404 Not Found."""
    words = status.split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() and len(words[1]) == 3 else 0
