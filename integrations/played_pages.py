"""The pages of a simulated provider, clicked through as somebody who is asked who he is and says yes to everything."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

from integrations import transport
from integrations.exceptions import RequestRejected

NAME = "The simulated provider"
MOST = 5
"""Pages between the first and the way back."""


@dataclass
class Form:
    """`fields`: what it sends as it stands, ticks included.  `text`: what stands on its button."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""


class Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given["action"]))
        elif tag == "input" and self.found and _is_sent(given):
            self.found[-1].fields.append((given["name"], given.get("value", "on")))

    def handle_data(self, data: str) -> None:
        """What stands behind the last form counts as its text: no page of theirs ends with an address."""
        if self.found:
            self.found[-1].text += f" {data.strip()}"


def way_back(http: requests.Session, address: str, email: str, *, until: str) -> str:
    """Where the provider sends the browser in the end: to `until`, with what it says. Raises ProviderError."""
    answer = transport.send(http.request, "GET", address, name=NAME)
    for _page in range(MOST):
        if answer.is_redirect and answer.headers["Location"].startswith(until):
            return answer.headers["Location"]
        form = _onward(answer, email)
        at = urljoin(answer.url, form.action)
        answer = transport.send(http.request, "POST", at, name=NAME, data=form.fields)
    raise RequestRejected("The simulated provider leads nowhere.", detail=address)


def _onward(page: requests.Response, email: str) -> Form:
    """The button with this address, where people are to choose from; else the first, which says yes."""
    forms = Forms()
    forms.feed(page.text)
    people = [form for form in forms.found if email in form.text.split()]
    if not people and not _asks(forms.found):
        raise RequestRejected("The simulated provider does not know this person.", detail=email)
    return (people or forms.found)[0]


def _asks(forms: list[Form]) -> bool:
    """For consent."""
    return any(name == "decision" for form in forms for name, _value in form.fields)


def _is_sent(given: dict[str, str]) -> bool:
    return "name" in given and (given.get("type") != "checkbox" or "checked" in given)
