"""{% icon "clock" 18 %}: an icon of Lucide's beside words that say the same. Drawn once, then remembered."""

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int, **attributes: str) -> str:
    return lucide(name, size=size, aria_hidden="true", **attributes)
