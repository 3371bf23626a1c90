"""{{ scopes|in_words }}: what they let somebody do, as sentences; one that this version does not know is left out."""

from collections.abc import Iterable

from django import template

from accounts.scopes import Scope

register = template.Library()


@register.filter
def in_words(scopes: Iterable[str]) -> list[str]:
    held = set(scopes)
    return [str(scope.label) for scope in Scope if scope.value in held]
