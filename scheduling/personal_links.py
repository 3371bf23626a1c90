"""Links to a member's schedulers that know already who follows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from accounts.models import Membership
from integrations.models import Person
from scheduling import overview, queries

MOST_NAME, MOST_SCHEDULERS = 120, 20


@dataclass(frozen=True)
class Link:
    name: str
    url: str


@dataclass(frozen=True)
class Line:
    person: Person
    links: list[Link]


def lines(membership: Membership, people: Iterable[Person]) -> list[Line]:
    """With a link for each scheduler that is switched on; name and e-mail are filled in there."""
    offered = queries.schedulers(membership).filter(is_on=True).order_by("name", "pk")[:MOST_SCHEDULERS]
    public = [(scheduler.name, overview.public_url(scheduler)) for scheduler in offered]
    return [Line(one, [Link(name, f"{url}?{_query(one)}") for name, url in public]) for one in people]


def _query(person: Person) -> str:
    told = {"name": person.name[:MOST_NAME], "email": next(iter(person.emails), "")}
    return urlencode({name: value for name, value in told.items() if value})
