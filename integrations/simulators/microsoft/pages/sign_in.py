"""What a person sees between "Connect" and the way back: who are you, may this app, or why not."""

from html import escape
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from integrations.simulators.http import Request, Response, redirect
from integrations.simulators.microsoft.errors import Back, Stay
from integrations.simulators.microsoft.identity import authorization, consent, scopes
from integrations.simulators.microsoft.identity.authorization import Asked
from integrations.simulators.microsoft.pages import frame, words
from integrations.simulators.microsoft.records import User
from integrations.simulators.microsoft.world import World

COOKIE = "simulated-microsoft"


def authorize(world: World, request: Request) -> Response:
    try:
        asked = authorization.understand(world, request.arguments["tenant"], request.query)
        everybody = world.user_of(world.switches.consents_as or "")
        if asked.prompt == "none":
            return _silent(world, request, asked)
        if everybody is not None:
            return _sent(request, asked, code=authorization.grant_code(world, asked, everybody))
    except Stay as refused:
        return refusal(request, refused)
    people = sorted(world.users.values(), key=lambda user: user.email != asked.login_hint)
    return _pick(world, request, asked, people)


def choose(world: World, request: Request) -> Response:
    """Somebody was chosen: straight back if consent is there, otherwise the consent page."""
    try:
        asked, user = _asked(world, request)
        authorization.check(world, asked, user)
        if authorization.needs_consent(world, asked, user):
            return _signed_in(_consent_page(world, request, asked, user), request, user)
        return _signed_in(_sent(request, asked, code=authorization.grant_code(world, asked, user)), request, user)
    except Stay as refused:
        return refusal(request, refused)


def decide(world: World, request: Request) -> Response:
    try:
        asked, user = _asked(world, request)
        if request.form().get("decision") == "cancel":
            sentence = "AADSTS65004: User declined to consent to access the app."
            return _sent(request, asked, error="access_denied", error_description=sentence)
        if request.form().get("decision") == "everybody" and user.admin:
            consent.give_for_all(world.tenants[user.tenant_id], asked.app, set(asked.permissions))
        return _sent(request, asked, code=authorization.grant_code(world, asked, user))
    except Stay as refused:
        return refusal(request, refused)


def ask_admin(world: World, request: Request) -> Response:
    try:
        asked, user = _asked(world, request)
    except Stay as refused:
        return refusal(request, refused)
    world.tenants[user.tenant_id].requested.add((asked.app.client_id, user.id))
    told = "<p>Your request was sent to your administrator. Try again after the approval.</p>"
    return frame.render(request, "Request sent", told)


def refusal(request: Request, refused: Stay) -> Response:
    number = f'<p class="quiet">AADSTS{refused.number}</p>'
    way_on = ""
    if refused.page == "request":
        way_on = _button(request, "Request approval", "request")
    content = f'<div class="sheet"><p>{escape(refused.sentence)}</p>{number}{way_on}</div>{_another(request)}'
    title = "Need admin approval" if refused.page != "error" else "Sorry, but we’re having trouble signing you in"
    return frame.render(request, title, content, 403 if refused.page != "error" else 400)


def _silent(world: World, request: Request, asked: Asked) -> Response:
    try:
        return _sent(request, asked, code=authorization.silently(world, asked, _session(world, request)))
    except Back as back:
        return _sent(request, asked, error=back.error, error_description=back.description)


def _sent(request: Request, asked: Asked, **parameters: str) -> Response:
    """By redirect, or by a form that the person's browser posts."""
    if asked.response_mode != "form_post":
        return redirect(asked.back(**parameters))
    form = frame.form(asked.redirect_uri, "Continue", asked.parameters(**parameters))
    return frame.render(request, "Working…", form)


def _asked(world: World, request: Request) -> tuple[Asked, User]:
    form = request.form()
    query = dict(parse_qsl(form.get("query", ""), keep_blank_values=True))
    asked = authorization.understand(world, request.arguments["tenant"], query)
    user = world.users.get(form.get("user", ""))
    if user is None:
        raise Stay(50034, "The user account does not exist in this directory.")
    return asked, user


def _pick(world: World, request: Request, asked: Asked, people: list[User]) -> Response:
    choices = "".join(f"<li>{_choice(world, request, user)}</li>" for user in people)
    introduction = (
        f"<p>to continue to {escape(asked.app.name)}. The real Microsoft would ask for a password here; "
        f'this one lets you choose whom to be.</p><ul class="people">{choices}</ul>'
    )
    return frame.render(request, "Pick an account", introduction)


def _choice(world: World, request: Request, user: User) -> str:
    told = f"{escape(user.name)}<small>{escape(user.email)}</small><small>{escape(words.kind(world, user))}</small>"
    fields = {"query": urlencode(request.query), "user": user.id}
    hidden = "".join(f'<input type="hidden" name="{k}" value="{escape(v)}">' for k, v in fields.items())
    action = escape(f"{request.mount}/{request.arguments['tenant']}/oauth2/v2.0/authorize/user")
    return f'<form method="post" action="{action}">{hidden}<button class="person" type="submit">{told}</button></form>'


def _consent_page(world: World, request: Request, asked: Asked, user: User) -> Response:
    wanted = "".join(
        f"<li>{escape(words.PERMISSIONS.get(name, name))}</li>"
        for name in dict.fromkeys(scopes.split(scope)[1] for scope in asked.scopes)
    )
    buttons = _button(request, "Accept", "decision", decision="accept")
    if user.admin:
        buttons += _button(request, "Accept for everybody in the organization", "decision", decision="everybody")
    buttons += _button(request, "Cancel", "decision", kind="plain", decision="cancel")
    content = (
        f'<div class="sheet"><p>{escape(user.email)}</p><p>{escape(asked.app.name)} would like to:</p>'
        f'<ul>{wanted}</ul><div class="row">{buttons}</div></div>'
    )
    return frame.render(request, "Permissions requested", content)


def _button(request: Request, label: str, action: str, *, kind: str = "button", **more: str) -> str:
    known = request.form()
    kept: dict[str, str] = {name: known[name] for name in ("query", "user") if name in known}
    at = f"{request.mount}/{request.arguments['tenant']}/oauth2/v2.0/authorize/{action}"
    return frame.form(at, label, {**kept, **more}, kind=kind)


def _another(request: Request) -> str:
    query = request.form().get("query", "")
    link = escape(f"{request.mount}/{request.arguments.get('tenant', 'common')}/oauth2/v2.0/authorize?{query}")
    return f'<p><a href="{link}">Pick another account</a></p>' if query else ""


def _session(world: World, request: Request) -> User | None:
    try:
        cookie = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return world.users.get(cookie.value) if cookie else None


def _signed_in(response: Response, request: Request, user: User) -> Response:
    response.headers.append(("Set-Cookie", f"{COOKIE}={user.id}; Path={request.mount or '/'}; HttpOnly; SameSite=Lax"))
    return response


AT = "/(?P<tenant>[^/]+)/oauth2/v2.0/authorize"
ROUTES = (
    ("GET", AT, authorize),
    ("POST", AT + "/user", choose),
    ("POST", AT + "/decision", decide),
    ("POST", AT + "/request", ask_admin),
)
