"""Consent on behalf of a whole tenant: who are you, may this app for everybody, and the way back, which has no code."""

from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlencode

from integrations.simulators.http import Request, Response, redirect
from integrations.simulators.microsoft.errors import Stay
from integrations.simulators.microsoft.identity import consent, people, scopes
from integrations.simulators.microsoft.pages import frame, sign_in, words
from integrations.simulators.microsoft.records import App, Tenant, User
from integrations.simulators.microsoft.world import World


@dataclass(frozen=True)
class Wanted:
    app: App
    redirect_uri: str
    state: str | None
    permissions: tuple[str, ...]
    default: bool
    """/.default: what the registration lists, application permissions too."""
    scope: str
    older: bool

    def back(self, **parameters: str) -> str:
        state = {} if self.state is None else {"state": self.state}
        return f"{self.redirect_uri}?{urlencode({**parameters, **state})}"


def ask(world: World, request: Request) -> Response:
    try:
        wanted = _understood(world, request, request.query)
        everybody = world.user_of(world.switches.consents_as or "")
        if everybody is not None:
            return _granted(world, request, wanted, everybody)
    except Stay as refused:
        return sign_in.refusal(request, refused)
    choices = "".join(f"<li>{_choice(world, request, user)}</li>" for user in world.users.values())
    told = f"<p>An administrator can approve {escape(wanted.app.name)} for everybody.</p>"
    return frame.render(request, "Pick an account", f'{told}<ul class="people">{choices}</ul>')


def choose(world: World, request: Request) -> Response:
    try:
        wanted, user = _asked(world, request)
        _check(world, request, wanted, user)
    except Stay as refused:
        return sign_in.refusal(request, refused)
    shown = [words.PERMISSIONS.get(name, name) for name in wanted.permissions]
    listed = "".join(f"<li>{escape(line)}</li>" for line in shown)
    buttons = _button(request, "Accept", "accept") + _button(request, "Cancel", "cancel", kind="plain")
    told = f"<p>{escape(user.email)}</p><p>{escape(wanted.app.name)}, for all people in your organization:</p>"
    content = f'<div class="sheet">{told}<ul>{listed}</ul><div class="row">{buttons}</div></div>'
    return frame.render(request, "Permissions requested, accept for your organization", content)


def decide(world: World, request: Request) -> Response:
    try:
        wanted, user = _asked(world, request)
        if request.form().get("decision") == "accept":
            return _granted(world, request, wanted, user)
    except Stay as refused:
        return sign_in.refusal(request, refused)
    if wanted.older:
        return redirect(wanted.back(error="permission_denied", error_description="The admin canceled the request"))
    sentence = "AADSTS65004: User declined to consent to access the app."
    return redirect(wanted.back(admin_consent="True", error="consent_required", error_description=sentence))


def _granted(world: World, request: Request, wanted: Wanted, user: User) -> Response:
    tenant = _check(world, request, wanted, user)
    consent.give_for_all(tenant, wanted.app, set(wanted.permissions))
    if wanted.default:
        consent.give_to_app(tenant, wanted.app, set(wanted.app.roles))
    scope = {} if wanted.older else {"scope": wanted.scope}
    return redirect(wanted.back(admin_consent="True", tenant=tenant.id, **scope))


def _check(world: World, request: Request, wanted: Wanted, user: User) -> Tenant:
    people.check_sign_in(world, wanted.app, request.arguments["tenant"], user)
    tenant = world.tenants[user.tenant_id]
    if tenant.personal:
        raise Stay(500208, "A personal account cannot approve an app for others.")
    if not user.admin:
        raise Stay(90094, f"{wanted.app.name} needs the approval of an administrator; you are not one.")
    return tenant


def _understood(world: World, request: Request, query: dict[str, str]) -> Wanted:
    named = request.arguments["tenant"]
    if named in ("common", "consumers"):
        raise Stay(90009, f"Admin consent is not possible at '{named}'.")
    app = world.apps.get(query.get("client_id", ""))
    if app is None:
        raise Stay(700016, f"Application with identifier '{query.get('client_id')}' was not found in the directory.")
    people.check_tenant(world, app, named)
    if query.get("redirect_uri") not in app.redirect_uris:
        raise Stay(50011, "The redirect URI specified in the request does not match those configured for the app.")
    older = "/v2.0/" not in request.path
    scope = f"{scopes.GRAPH}/.default" if older else query.get("scope", "")
    names = [scopes.split(name)[1] for name in scope.split() if name not in scopes.OPENID]
    default = names == [scopes.DEFAULT]
    listed = app.scopes if default else tuple(names)
    return Wanted(app, query["redirect_uri"], query.get("state"), listed, default, scope, older)


def _asked(world: World, request: Request) -> tuple[Wanted, User]:
    form = request.form()
    wanted = _understood(world, request, dict(parse_qsl(form.get("query", ""), keep_blank_values=True)))
    user = world.users.get(form.get("user", ""))
    if user is None:
        raise Stay(50034, "The user account does not exist in this directory.")
    return wanted, user


def _choice(world: World, request: Request, user: User) -> str:
    label = f"{user.name}, {user.email}, {words.kind(world, user)}"
    fields = {"query": urlencode(request.query), "user": user.id}
    return frame.form(f"{request.mount}{request.path}/user", label, fields, kind="person")


def _button(request: Request, label: str, decision: str, *, kind: str = "button") -> str:
    form = request.form()
    kept = {"query": form.get("query", ""), "user": form.get("user", ""), "decision": decision}
    at = f"{request.mount}{request.path.removesuffix('/user')}/decision"
    return frame.form(at, label, kept, kind=kind)


AT = "/(?P<tenant>[^/]+)(/v2.0)?/adminconsent"
ROUTES = (("GET", AT, ask), ("POST", AT + "/user", choose), ("POST", AT + "/decision", decide))
