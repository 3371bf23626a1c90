"""Apps: made, authorized, removed, approved."""

from collections.abc import Sequence
from typing import Any

from integrations.simulators.zoom import authorization, deauthorization
from integrations.simulators.zoom.handles.named import Named
from integrations.simulators.zoom.records import ADMIN_SCOPES, USER_SCOPES, Account, App, Kind, User


class Apps(Named):
    def add_app(
        self,
        client_id: str,
        client_secret: str,
        redirect_uris: Sequence[str] = (),
        *,
        name: str = "Bridge",
        kind: Kind | str = Kind.USER_MANAGED,
        admin_managed: bool = False,
        account: Account | str = "",
        **more: Any,
    ) -> App:
        """`account`: the developer's, which makes the app private; a server-to-server app always needs one.

        `more` are fields of App. Apps that act for an account get :admin scopes unless told otherwise.
        """
        if account or kind == Kind.SERVER_TO_SERVER:
            more = {"account_id": self.account(account or "Acme").id, "published": False, **more}
        kind = Kind.ADMIN_MANAGED if admin_managed else Kind(kind)
        more.setdefault("scopes", USER_SCOPES if kind is Kind.USER_MANAGED else ADMIN_SCOPES)
        more["webhook_secret"] = more.get("webhook_secret") or f"webhook-secret-of-{client_id}"
        app = App(client_id, client_secret, name, set(redirect_uris), kind=kind, **more)
        self.world.apps[client_id] = app
        return app

    def disable_app(self, client_id: str = "", *, disabled: bool = True) -> None:
        """Its developer deactivates it: no token works until disabled=False."""
        client_id = self.app(client_id).client_id
        (self.world.disabled.add if disabled else self.world.disabled.discard)(client_id)

    def authorize(
        self,
        user: User | str,
        client_id: str = "",
        redirect_uri: str = "",
        code_challenge: str = "",
        code_challenge_method: str = "S256",
    ) -> str:
        """The code Zoom would send back. Raises errors.NotAuthorized where Zoom shows a page instead."""
        app = self.app(client_id)
        query = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": redirect_uri or min(app.redirect_uris),
            "code_challenge": code_challenge,
            "code_challenge_method": code_challenge_method,
        }
        with self.world.lock:
            asked = authorization.understand(self.world, query)
            return authorization.grant_code(self.world, asked, self.user(user))

    def uninstall(self, user: User | str, client_id: str = "") -> bool:
        """The user removes the app at Zoom."""
        with self.world.lock:
            return deauthorization.uninstall(self.world, self.app(client_id).client_id, self.user(user).id)

    def uninstall_for_account(self, account: Account | str, client_id: str = "") -> int:
        """An admin of the account removes the app for everybody in it; how many authorizations ended."""
        with self.world.lock:
            return deauthorization.uninstall_for_account(self.world, self.account(account), self.app(client_id))

    def installed(self, user: User | str, client_id: str = "") -> bool:
        return (self.app(client_id).client_id, self.user(user).id) in self.world.grants

    def require_approval(self, account: Account | str) -> None:
        self.account(account).pre_approval = True

    def approve(self, account: Account | str, client_id: str = "") -> None:
        self.account(account).approved.add(self.app(client_id).client_id)

    def withdraw_approval(self, account: Account | str, client_id: str = "") -> None:
        with self.world.lock:
            deauthorization.withdraw(self.world, self.account(account), self.app(client_id))
