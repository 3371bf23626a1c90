"""What the pages for developers need: {% example "event" %}, and descriptions with `code` in them."""

import re
from typing import Any

from django import template
from django.template import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from bridge import snippets

register = template.Library()

MARKS = re.compile(r"(`[^`]+`|\*\*[^*]+\*\*)")


@register.inclusion_tag("developers/_example.html", takes_context=True)
def example(context: Context, name: str, title: str) -> dict[str, Any]:
    """The file of this name in the language that the page's address chooses, else in the one that there is."""
    written = [language for language in snippets.LANGUAGES if snippets.text(name, language)]
    wanted = snippets.chosen(context["request"].GET.get("in", ""))
    language = wanted if wanted in written else written[0]
    languages = [(key, label, key == language) for key, (label, _) in snippets.LANGUAGES.items() if key in written]
    return {"name": name, "title": title, "text": snippets.text(name, language), "languages": languages}


@register.filter
def described(text: str) -> SafeString:
    """Docstrings as they are written: paragraphs between empty lines, code between backticks."""
    paragraphs = [part for part in text.strip().split("\n\n") if part.strip()]
    return format_html_join("", "<p>{}</p>", ((marked(" ".join(part.split())),) for part in paragraphs))


@register.filter
def marked(text: str) -> SafeString:
    """`code` between backticks as code, **words** between asterisks as strong ones."""
    return format_html_join("", "{}", ((_shown(piece),) for piece in MARKS.split(str(text))))


def _shown(piece: str) -> SafeString:
    for mark, shown in (("`", "<code>{}</code>"), ("**", "<strong>{}</strong>")):
        if len(piece) > 2 * len(mark) and piece.startswith(mark) and piece.endswith(mark):
            return format_html(shown, piece[len(mark) : -len(mark)])
    return conditional_escape(piece)
