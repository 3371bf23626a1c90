"""App registrations, and short ways through the pages."""

from collections.abc import Sequence
from typing import Any

from integrations.simulators.microsoft.handles.people import People
from integrations.simulators.microsoft.identity import authorization, consent
from integrations.simulators.microsoft.records import App, User

SCOPES = "openid profile email offline_access User.Read Calendars.ReadWrite Contacts.ReadWrite"


class Apps(People):
    def add_app(
        self,
        client_id: str,
        client_secret: str,
        redirect_uris: Sequence[str] = (),
        *,
        name: str = "Bridge",
        **more: Any,
    ) -> App:
        """`more` are fields of App: tenant_id (a single-tenant app), roles, scopes, secret_expired."""
        app = App(client_id, client_secret, name, set(redirect_uris), **more)
        self.world.apps[client_id] = app
        return app

    def app(self, client_id: str = "") -> App:
        return self.world.apps[client_id] if client_id else next(iter(self.world.apps.values()))

    def authorize(self, user: User | str, scope: str = SCOPES, *, tenant: str = "common", **more: str) -> str:
        """The code that Microsoft would send back. Raises errors.Stay where it shows a page instead."""
        app = self.app(more.pop("client_id", ""))
        known = {"response_type": "code", "client_id": app.client_id, "scope": scope}
        query = {**known, "redirect_uri": min(app.redirect_uris), **more}
        with self.world.lock:
            asked = authorization.understand(self.world, tenant, query)
            return authorization.grant_code(self.world, asked, self.user(user))

    def consented(self, user: User | str, client_id: str = "") -> set[str]:
        """What the app may do for this user, by his own consent or an admin's."""
        return consent.given(self.world, self.app(client_id), self.user(user))
