"""{{ session.user_agent|browser }}: what a browser calls itself, in words that people know."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# In this order: most of them also claim to be those that follow.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox"}
BROWSERS |= {"Chrom": "Chrome", "CriOS": "Chrome", "Safari": "Safari"}
SYSTEMS = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "macOS"}
SYSTEMS |= {"CrOS": "ChromeOS", "Linux": "Linux"}


@register.filter
def browser(user_agent: str) -> str:
    name = _first(BROWSERS, user_agent) or _("Unknown browser")
    system = _first(SYSTEMS, user_agent)
    return _("%(browser)s on %(system)s") % {"browser": name, "system": system} if system else name


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")
