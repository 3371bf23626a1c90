"""The frame around every page of the simulated Microsoft; the pieces are those of the other simulators."""

from html import escape
from pathlib import Path
from string import Template

from integrations.simulators import http
from integrations.simulators.http import Request, Response
from integrations.simulators.microsoft.world import World
from integrations.simulators.zoom.pages import frame

FRAME = Template((Path(__file__).parent / "frame.html").read_text())
STYLE = Path(frame.__file__).parent / "zoom.css"
form, entry, choice, folded, table = frame.form, frame.entry, frame.choice, frame.folded, frame.table


def render(request: Request, title: str, content: str, status: int = 200) -> Response:
    """`content` is HTML: whoever makes it escapes what came from outside."""
    return http.page(FRAME.substitute(title=escape(title), mount=escape(request.mount), content=content), status)


def style(world: World, request: Request) -> Response:
    return Response(200, STYLE.read_bytes(), [("Content-Type", "text/css; charset=utf-8")])
