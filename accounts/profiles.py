"""Name, time zone, language and custom URL of a person."""

import re
import secrets
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import available_timezones

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User

_WELL_FORMED = re.compile(r"[a-z0-9-]{5,25}")


class CustomUrlRefused(Exception):
    """The message says why, for people."""


def change_custom_url(user: User, custom_url: str) -> None:
    """The public address follows at once. Raises CustomUrlRefused, also if somebody was quicker."""
    if problem := custom_url_problem(custom_url, user=user):
        raise CustomUrlRefused(problem)
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(custom_url=custom_url)
    except IntegrityError as error:
        raise CustomUrlRefused(_taken()) from error
    user.custom_url = custom_url


def custom_url_problem(custom_url: str, *, user: User | None = None) -> str:
    """Why this cannot be somebody's custom URL, in a sentence; empty if it can."""
    if not _WELL_FORMED.fullmatch(custom_url):
        return _("Use 5 to 25 characters: small letters a to z, digits and hyphens.")
    if custom_url in reserved_words():
        return _("This word is used by Bridge itself. Please choose another.")
    others = User.objects.exclude(pk=user.pk) if user else User.objects.all()
    if others.filter(custom_url=custom_url).exists():
        return _taken()
    return ""


def free_custom_url(wish: str) -> str:
    """A custom URL nobody has, as close to `wish` (a name, an e-mail) as can be."""
    base = slugify(wish.split("@")[0])[:18].strip("-")
    custom_url = base if len(base) >= 5 else f"meet-{base}".strip("-")
    while custom_url_problem(custom_url):
        custom_url = f"{base}-{secrets.token_hex(3)}".strip("-")
    return custom_url


def reserved_words() -> frozenset[str]:
    """The first path segment of every address of ours, read off the URL patterns and what is served beside them."""
    beside = {path.strip("/").split("/")[0] for path in settings.PATHS_BESIDE_DJANGO}
    return frozenset(_first_segments(get_resolver().url_patterns)) | beside


def known_zone(name: str) -> bool:
    return name in _zones()


def offered_zones() -> list[str]:
    """Those of places, and UTC; who types an older name is understood too."""
    return [*sorted(zone for zone in _zones() if "/" in zone), "UTC"]


@lru_cache(maxsize=1)
def _zones() -> set[str]:
    """Looked for once: they are files in many folders."""
    return available_timezones()


def _first_segments(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        route = str(pattern.pattern).lstrip("^")
        if route:
            yield route.split("/")[0]
        elif isinstance(pattern, URLResolver):
            yield from _first_segments(pattern.url_patterns)


def _taken() -> str:
    return _("This address belongs to somebody else. Please choose another.")
