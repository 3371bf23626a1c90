"""Lengths of time in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def in_words(minutes: int) -> str:
    """As people say it: 45 minutes, 1 hour 30 minutes, 2 days."""
    if minutes and minutes % (24 * 60) == 0:
        days = minutes // (24 * 60)
        return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours})
    if rest or not hours:
        parts.append(ngettext("%(number)s minute", "%(number)s minutes", rest) % {"number": rest})
    return " ".join(parts)


def in_short(minutes: int) -> str:
    """45 min, 1 h 30 min."""
    hours, rest = divmod(minutes, 60)
    parts = [_("%d h") % hours if hours else "", _("%d min") % rest if rest or not hours else ""]
    return " ".join(filter(None, parts))
