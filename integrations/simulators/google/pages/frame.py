"""The frame around every page of the simulated Google."""

from html import escape
from pathlib import Path
from string import Template

from integrations.simulators import http
from integrations.simulators.google.errors import PageError
from integrations.simulators.http import Request, Response
from integrations.simulators.zoom.pages import frame

FRAME = Template((Path(__file__).parent / "frame.html").read_text())
STYLE = (Path(frame.__file__).parent / "zoom.css").read_bytes() + (Path(__file__).parent / "google.css").read_bytes()


def render(request: Request, title: str, content: str, status: int = 200) -> Response:
    """`content` is HTML: whoever makes it escapes what came from outside."""
    return http.page(FRAME.substitute(title=escape(title), mount=escape(request.mount), content=content), status)


def refusal(request: Request, refused: PageError) -> Response:
    told = f'<div class="sheet"><p>{escape(refused.sentence)}</p>'
    told += f'<p class="quiet">Error {refused.status}: {escape(refused.error)}</p></div>'
    return render(request, "Access blocked", told, refused.status)


def style(request: Request) -> Response:
    return Response(200, STYLE, [("Content-Type", "text/css")])
