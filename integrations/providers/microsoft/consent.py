"""Consent on behalf of a whole Microsoft tenant. What comes back proves nothing and gives nothing: it is only noted.

https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
"""

import uuid
from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from integrations.exceptions import RequestRejected
from integrations.providers.microsoft import people, scopes
from integrations.types import App, Consented, Permission


class TenantConsent:
    def address(
        self, app: App, *, state: str, redirect_uri: str, permissions: frozenset[Permission], account_id: str = ""
    ) -> str:
        asked = {
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "scope": scopes.parameter(permissions),
        }
        return f"{settings.MICROSOFT_OAUTH_URL}/{account_id or 'organizations'}/v2.0/adminconsent?{urlencode(asked)}"

    def read(self, answer: Mapping[str, str]) -> Consented:
        """The error first: a refusal, too, says that there was consent."""
        if answer.get("error"):
            raise RequestRejected(_refusal(answer), detail=answer["error"][:100])
        tenant = _guid(answer.get("tenant", ""))
        if answer.get("admin_consent", "").lower() != "true" or not tenant:
            raise RequestRejected(_("Microsoft did not say that it was approved. Nothing was changed; try again."))
        if tenant == people.CONSUMERS:
            raise RequestRejected(_("That was a personal Microsoft account, which cannot approve anything for others."))
        return Consented(tenant, scopes.short(answer.get("scope", "").split()))


def _refusal(answer: Mapping[str, str]) -> str:
    if answer["error"] in ("consent_required", "permission_denied", "access_denied"):
        return _("It was not approved at Microsoft. Nothing was changed.")
    return _("Microsoft refused the approval. Nothing was changed; ask your Microsoft administrator.")


def _guid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""
