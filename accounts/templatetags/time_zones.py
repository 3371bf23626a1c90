"""{% time_zone_list %}: the datalist "time-zones" that fields for a zone name. Written once, then remembered."""

from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts import profiles

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=1)
def time_zone_list() -> SafeString:
    options = format_html_join("", '<option value="{}">', ([zone] for zone in profiles.offered_zones()))
    return format_html('<datalist id="time-zones">{}</datalist>', options)
