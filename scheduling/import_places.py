"""Where a foreign page will meet here: at the first of its places that exists here too, else at one's default."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from integrations import registry
from scheduling import places
from scheduling.elsewhere.types import Entry, Place
from scheduling.places import Choice


@dataclass(frozen=True)
class Found:
    """settings: fields of Scheduler."""

    name: str
    settings: dict[str, str] = field(default_factory=dict)
    changes: tuple[str, ...] = ()


def of(entry: Entry, offered: Sequence[Choice]) -> Found:
    keys = {choice.place for choice in offered if choice.place}
    for number, place in enumerate(entry.places):
        key = place.kind or registry.called_elsewhere(place.word)
        if key in keys and _is_complete(key, place.detail):
            rest = [*entry.places[:number], *entry.places[number + 1 :]]
            detail = place.detail[:500] if key in (places.PHONE, places.IN_PERSON, places.LINK) else ""
            return Found(places.name(key), {"place": key, "place_detail": detail}, tuple(_left(rest)))
    return Found(_("Your default"), {}, tuple(_instead(entry.places)))


def _is_complete(key: str, detail: str) -> bool:
    """A phone needs its number, a room its address, a link of one's own the link."""
    if key == places.LINK:
        return _is_link(detail)
    return bool(detail) or key not in (places.PHONE, places.IN_PERSON)


def _is_link(text: str) -> bool:
    try:
        URLValidator(schemes=["https", "http"])(text[:500])
    except ValidationError:
        return False
    return len(text) <= 500


def _left(rest: Sequence[Place]) -> list[str]:
    names = [_called(place) for place in rest]
    sentence = _("Invitees choose among several places there; here it is one. Left out: %(names)s.")
    return [sentence % {"names": ", ".join(dict.fromkeys(names))}] if names else []


def _instead(given: Sequence[Place]) -> list[str]:
    names = ", ".join(dict.fromkeys(_called(place) for place in given))
    return [_("It meets at your default place: %(names)s cannot be had here yet.") % {"names": names}] if names else []


def _called(place: Place) -> str:
    key = place.kind or registry.called_elsewhere(place.word)
    name = places.name(key) if key else place.word[:60].replace("_", " ")
    return f"{name} ({place.detail[:80]})" if place.detail else name
