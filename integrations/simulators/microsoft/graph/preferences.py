"""What a request prefers (RFC 7240), and what of that was applied."""

import re
from dataclasses import dataclass

from integrations.simulators.http import Request, Response
from integrations.simulators.microsoft.graph import zones


@dataclass(frozen=True)
class Preferences:
    zone: str = "UTC"
    text: bool = False
    """The body as text."""
    immutable: bool = False
    page_size: int | None = None
    applied: tuple[str, ...] = ()

    def mark(self, response: Response) -> Response:
        if self.applied:
            response.headers.append(("Preference-Applied", ", ".join(self.applied)))
        return response


def of(request: Request) -> Preferences:
    """Raises GraphError for an unknown zone."""
    named = dict(re.findall(r'([\w.\-]+)\s*=\s*"?([^",]*)"?', request.headers.get("prefer", "")))
    known = {name.lower(): value for name, value in named.items()}
    zone = known.get("outlook.timezone", "UTC")
    zones.named(zone)
    size = known.get("odata.maxpagesize", "")
    names = ("outlook.timezone", "outlook.body-content-type", "idtype", "odata.maxpagesize")
    return Preferences(
        zone,
        known.get("outlook.body-content-type") == "text",
        known.get("idtype", "").lower() == "immutableid",
        int(size) if size.isdecimal() and int(size) else None,
        tuple(f'{name}="{value}"' for name, value in named.items() if name.lower() in names),
    )
