"""What a person sees between "Connect Zoom" and the way back: who are you, may this app, or why not."""

from html import escape
from urllib.parse import parse_qsl, urlencode

from integrations.simulators.http import Request, Response, redirect
from integrations.simulators.zoom import authorization
from integrations.simulators.zoom.authorization import Asked
from integrations.simulators.zoom.errors import NotAuthorized
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.pages.words import SCOPES, role_of
from integrations.simulators.zoom.records import User
from integrations.simulators.zoom.world import World


def authorize(world: World, request: Request) -> Response:
    try:
        asked = authorization.understand(world, request.query)
    except NotAuthorized as refused:
        return _refusal(request, refused)
    everybody = world.user_of(world.switches.consents_as or "")
    if everybody is not None:
        return _consented(world, request, asked, everybody)
    people = "".join(f"<li>{_choice(world, request, user)}</li>" for user in world.users.values())
    introduction = (
        f"<p>{escape(asked.app.name)} asks for access to a Zoom user. The real Zoom would ask for a password here; "
        f'this one lets you choose whom to be.</p><ul class="people">{people}</ul>'
    )
    return frame.render(request, "Sign in to Zoom", introduction)


def choose(world: World, request: Request) -> Response:
    """A user was chosen: straight back if the app is installed already, otherwise the consent page."""
    try:
        asked, user = _asked(world, request)
        authorization.check(world, asked.app, user)
    except NotAuthorized as refused:
        return _refusal(request, refused)
    if (asked.app.client_id, user.id) in world.grants:
        return redirect(authorization.consent(world, asked, user))
    return _consent_page(world, request, asked, user)


def decide(world: World, request: Request) -> Response:
    try:
        asked, user = _asked(world, request)
    except NotAuthorized as refused:
        return _refusal(request, refused)
    if request.form().get("decision") == "authorize":
        return _consented(world, request, asked, user)
    if world.switches.decline_returns:
        return redirect(asked.back(error="access_denied"))
    return frame.render(request, "You declined", f"<p>{escape(asked.app.name)} was not authorized.</p>")


def approve(world: World, request: Request) -> Response:
    """First of an admin's two steps: approve the app for the account."""
    try:
        asked, user = _asked(world, request)
    except NotAuthorized as refused:
        return _refusal(request, refused)
    if user.approves:
        world.account_of(user).approved.add(asked.app.client_id)
    return choose(world, request)


def ask_admin(world: World, request: Request) -> Response:
    try:
        asked, user = _asked(world, request)
    except NotAuthorized as refused:
        return _refusal(request, refused)
    world.account_of(user).requested.add((asked.app.client_id, user.id))
    sentence = f"Your Zoom admin was asked to approve {asked.app.name}. Come back here after the approval."
    return frame.render(request, "Request sent", f"<p>{escape(sentence)}</p>")


def _consented(world: World, request: Request, asked: Asked, user: User) -> Response:
    try:
        return redirect(authorization.consent(world, asked, user))
    except NotAuthorized as refused:
        return _refusal(request, refused)


def _asked(world: World, request: Request) -> tuple[Asked, User]:
    form = request.form()
    asked = authorization.understand(world, dict(parse_qsl(form.get("query", ""), keep_blank_values=True)))
    user = world.users.get(form.get("user", ""))
    if user is None:
        raise NotAuthorized(4735, "There is no such Zoom user.")
    return asked, user


def _choice(world: World, request: Request, user: User) -> str:
    account = world.account_of(user)
    fields = {"query": urlencode(request.query), "user": user.id}
    hidden = "".join(f'<input type="hidden" name="{k}" value="{escape(v)}">' for k, v in fields.items())
    told = (
        f"{escape(user.display_name)}<small>{escape(user.email)}</small><small>{escape(role_of(user, account))}</small>"
    )
    action = escape(f"{request.mount}/oauth/authorize/user")
    return f'<form method="post" action="{action}">{hidden}<button class="person" type="submit">{told}</button></form>'


def _consent_page(world: World, request: Request, asked: Asked, user: User) -> Response:
    allowed = "".join(
        f"<li>{escape(SCOPES.get(scope.removesuffix(':admin'), scope))}</li>" for scope in asked.app.scopes
    )
    step = "<p>Step 2 of 2: authorize for yourself.</p>" if world.account_of(user).pre_approval else ""
    buttons = _button(request, "Authorize", "decision", decision="authorize")
    buttons += _button(request, "Decline", "decision", kind="plain", decision="decline")
    content = (
        f'{step}<div class="sheet"><p>{escape(asked.app.name)} wants to, as {escape(user.email)}:</p>'
        f'<ul>{allowed}</ul><div class="row">{buttons}</div></div>'
    )
    return frame.render(request, f"Authorize {asked.app.name}", content)


def _refusal(request: Request, refused: NotAuthorized) -> Response:
    number = f'<p class="quiet">Error code {refused.number}</p>' if refused.number else ""
    content = f'<div class="sheet"><p>{escape(refused.sentence)}</p>{number}{_way_on(request, refused.page)}</div>'
    content += _another(request)
    return frame.render(request, "You cannot authorize this app", content, 403 if refused.page != "error" else 400)


def _another(request: Request) -> str:
    """Back to the choice of the user, where one was chosen."""
    query = request.form().get("query", "")
    link = escape(f"{request.mount}/oauth/authorize?{query}")
    return f'<p><a href="{link}">Sign in as another user</a></p>' if query else ""


def _way_on(request: Request, page: str) -> str:
    if page == "approve":
        told = "<p>You are an admin of this account. Step 1 of 2: approve the app for everybody in it.</p>"
        return told + _button(request, "Pre-approve for the account", "approve")
    if page == "ask_admin":
        told = "<p>Ask your Zoom admin to approve it, then start again.</p>"
        return told + _button(request, "Request approval", "request")
    return ""


def _button(request: Request, label: str, action: str, *, kind: str = "button", **more: str) -> str:
    kept = {name: value for name, value in request.form().items() if name in ("query", "user")}
    return frame.form(f"{request.mount}/oauth/authorize/{action}", label, {**kept, **more}, kind=kind)


ROUTES = (
    ("GET", "/oauth/authorize", authorize),
    ("POST", "/oauth/authorize/user", choose),
    ("POST", "/oauth/authorize/decision", decide),
    ("POST", "/oauth/authorize/approve", approve),
    ("POST", "/oauth/authorize/request", ask_admin),
)
