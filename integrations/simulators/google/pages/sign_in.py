"""What a person sees between "Connect" and the way back: who are you, may this app, and what of it."""

from html import escape
from urllib.parse import parse_qs, parse_qsl, urlencode

from integrations.simulators.google.errors import PageError
from integrations.simulators.google.identity import authorization
from integrations.simulators.google.identity.authorization import Asked
from integrations.simulators.google.identity.scopes import AUTH, IDENTITY, WORDS
from integrations.simulators.google.pages import frame
from integrations.simulators.google.records import Person
from integrations.simulators.google.world import World
from integrations.simulators.http import Request, Response, redirect
from integrations.simulators.zoom.pages.frame import form

PATH = "/o/oauth2/v2/auth"


def authorize(world: World, request: Request) -> Response:
    asked = authorization.understand(world, request.query)
    if "none" in asked.prompts:
        return redirect(asked.back(error="interaction_required"))
    at_once = world.person_of(world.switches.consents_as or "")
    if at_once is not None:
        authorization.check(world, asked, at_once)
        skipped = authorization.may_skip(world, asked, at_once)
        ticked = None if skipped else asked.scopes - world.switches.unticked
        return redirect(authorization.consent(world, asked, at_once, ticked))
    people = "".join(f"<li>{_choice(request, person)}</li>" for person in world.people.values())
    told = (
        f"<p>to continue to {escape(asked.app.name)}. Choose whom to be; the real Google would ask for a password.</p>"
    )
    return frame.render(request, "Choose an account", f'{told}<ul class="people">{people}</ul>')


def choose(world: World, request: Request) -> Response:
    """Straight back if everything was consented to already."""
    asked, person = _asked(world, request)
    authorization.check(world, asked, person)
    if authorization.may_skip(world, asked, person):
        return redirect(authorization.consent(world, asked, person))
    return _consent_page(world, request, asked, person)


def decide(world: World, request: Request) -> Response:
    asked, person = _asked(world, request)
    authorization.check(world, asked, person)
    fields = parse_qs(request.body.decode())
    if fields.get("decision") != ["continue"]:
        return redirect(asked.back(error="access_denied"))
    whole = world.projects[asked.app.project].trusted
    return redirect(authorization.consent(world, asked, person, None if whole else frozenset(fields.get("scope", []))))


def _asked(world: World, request: Request) -> tuple[Asked, Person]:
    fields = request.form()
    asked = authorization.understand(world, dict(parse_qsl(fields.get("query", ""), keep_blank_values=True)))
    person = world.people.get(fields.get("person", ""))
    if person is None:
        raise PageError("invalid_request", "There is no such account.")
    return asked, person


def _choice(request: Request, person: Person) -> str:
    fields = {"query": urlencode(request.query), "person": person.sub}
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(v)}">' for name, v in fields.items())
    told = f"{escape(person.name)}<small>{escape(person.email)}</small>"
    action = escape(f"{request.mount}{PATH}/person")
    return f'<form method="post" action="{action}">{hidden}<button class="person" type="submit">{told}</button></form>'


def _consent_page(world: World, request: Request, asked: Asked, person: Person) -> Response:
    trusted = world.projects[asked.app.project].trusted
    ticks = "".join(f"<li>{_tick(scope, open_=not trusted)}</li>" for scope in sorted(asked.scopes - IDENTITY))
    kept = {name: value for name, value in request.form().items() if name in ("query", "person")}
    more = f"<ul>{ticks}</ul>"
    buttons = form(f"{request.mount}{PATH}/decision", "Continue", {**kept, "decision": "continue"}, more=more)
    buttons += form(f"{request.mount}{PATH}/decision", "Cancel", {**kept, "decision": "cancel"}, kind="plain")
    content = f'<div class="sheet"><p>As {escape(person.email)}. Select what it can access:</p>{buttons}</div>'
    return frame.render(request, f"{asked.app.name} wants access to your Google Account", content)


def _tick(scope: str, *, open_: bool) -> str:
    told, shown = escape(scope), escape(WORDS.get(scope.removeprefix(AUTH), scope))
    if not open_:
        return shown
    return f'<label><input type="checkbox" name="scope" value="{told}" checked> {shown}</label>'


ROUTES = (
    ("GET", PATH, authorize),
    ("POST", PATH + "/person", choose),
    ("POST", PATH + "/decision", decide),
)
