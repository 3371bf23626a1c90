"""May this user authorize this app? Asked before the consent page and again when consent is given."""

from dataclasses import dataclass
from urllib.parse import urlencode

from integrations.simulators.zoom import tokens
from integrations.simulators.zoom.errors import NotAuthorized
from integrations.simulators.zoom.records import App, User
from integrations.simulators.zoom.world import World


@dataclass(frozen=True)
class Asked:
    """An authorization request that is in order; whoever consents goes back to its redirect_uri."""

    app: App
    redirect_uri: str
    state: str | None
    challenge: str
    method: str

    def back(self, **parameters: str) -> str:
        state = {} if self.state is None else {"state": self.state}
        joint = "&" if "?" in self.redirect_uri else "?"
        return self.redirect_uri + joint + urlencode({**parameters, **state})


def understand(world: World, query: dict[str, str]) -> Asked:
    """Raises NotAuthorized for what Zoom shows on a page of its own, never redirecting."""
    app = world.apps.get(query.get("client_id", ""))
    if app is None:
        raise NotAuthorized(4702, "Invalid client id.")
    if app.server_to_server:
        raise NotAuthorized(4705, f"{app.name} is a server-to-server app: nobody needs to authorize it.")
    if query.get("redirect_uri") not in app.redirect_uris:
        raise NotAuthorized(4709, "Redirect URI mismatch.")
    if query.get("response_type") != "code":
        raise NotAuthorized(4700, "Invalid response type.")
    _check_scopes(app, query.get("scope", "").split())
    challenge, method = query.get("code_challenge", ""), query.get("code_challenge_method", "plain")
    return Asked(app, query["redirect_uri"], query.get("state"), challenge, method)


def check(world: World, app: App, user: User) -> None:
    """Raises NotAuthorized if this user may not, or may not yet, authorize this app."""
    account = world.account_of(user)
    if app.client_id in world.disabled:
        raise NotAuthorized(4717, f"{app.name} has been disabled by Zoom.")
    if user.status != "active":
        raise NotAuthorized(4735, "This Zoom user is not active.")
    if not app.published and user.account_id != app.account_id:
        raise NotAuthorized(4700, f"You cannot authorize {app.name}. It is private to another Zoom account.")
    if account.pre_approval and app.client_id not in account.approved:
        page = "approve" if user.approves else "ask_admin"
        raise NotAuthorized(0, f"You cannot authorize {app.name} yet. Your account requires pre-approval.", page)
    if app.admin_managed and not user.approves and not world.switches.members_pass:
        raise NotAuthorized(
            4700, "An account admin is required to install this type of app. Please contact your admin."
        )


def consent(world: World, asked: Asked, user: User) -> str:
    """The address to send the person back to, with a fresh code."""
    return asked.back(code=grant_code(world, asked, user))


def grant_code(world: World, asked: Asked, user: User) -> str:
    check(world, asked.app, user)
    return tokens.issue_code(
        world,
        app=asked.app,
        user=user,
        redirect_uri=asked.redirect_uri,
        challenge=asked.challenge,
        method=asked.method,
    )


def _check_scopes(app: App, scopes: list[str]) -> None:
    if any(scope not in app.scopes for scope in scopes):
        raise NotAuthorized(4700, "Invalid scope.")
