"""The frame around every page of the simulated Zoom, and the few pieces the pages are made of."""

from html import escape
from pathlib import Path
from string import Template

from integrations.simulators import http
from integrations.simulators.http import Request, Response

HERE = Path(__file__).parent
FRAME = Template((HERE / "frame.html").read_text())


def render(request: Request, title: str, content: str, status: int = 200) -> Response:
    """`content` is HTML: whoever makes it escapes what came from outside."""
    return http.page(FRAME.substitute(title=escape(title), mount=escape(request.mount), content=content), status)


def form(action: str, label: str, fields: dict[str, str], *, kind: str = "button", more: str = "") -> str:
    """One button that posts; `more` is HTML in front of it."""
    hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in fields.items())
    button = f'<button class="{kind}" type="submit">{escape(label)}</button>'
    row = ' class="row"' if more else ""
    return f'<form method="post" action="{escape(action)}"{row}>{hidden}{more}{button}</form>'


def entry(label: str, name: str, value: str = "", *, of: str, kind: str = "text") -> str:
    """A field with its label; `of` tells it from those of the same name on the page."""
    at = escape(f"{name}-{of}")
    field = f'<input type="{kind}" id="{at}" name="{name}" value="{escape(value)}">'
    return f'<p><label for="{at}">{escape(label)}</label>{field}</p>'


def choice(label: str, name: str, options: dict[str, str], chosen: str, *, of: str) -> str:
    """`options`: values and what a person reads."""
    at = escape(f"{name}-{of}")
    shown = "".join(
        f'<option value="{escape(value)}"{" selected" * (value == chosen)}>{escape(text)}</option>'
        for value, text in options.items()
    )
    return f'<p><label for="{at}">{escape(label)}</label><select id="{at}" name="{name}">{shown}</select></p>'


def folded(summary: str, content: str) -> str:
    """`content` is HTML."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


def facts(known: dict[str, str]) -> str:
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in known.items())
    return f"<dl>{rows}</dl>"


def table(caption: str, heads: list[str], rows: list[list[str]]) -> str:
    """Cells are HTML."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join("<tr>" + "".join(_cell(*cell) for cell in zip(heads, row, strict=True)) + "</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(head: str, content: str) -> str:
    return f'<td data-head="{escape(head)}">{content}</td>'
