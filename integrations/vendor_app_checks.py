"""What an organization's own app still lacks: shown to the provider when it is saved, and named in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from integrations import authorizations, oauth, registry
from integrations.exceptions import AuthorizationLost, OperatorNeeded, ProviderError, RequestRejected
from integrations.types import App, AppKind


@dataclass(frozen=True)
class Finding:
    """`field`: what to change in the form, if it is one of its fields; `certain`: False if nobody could be asked."""

    sentence: str
    field: str = ""
    certain: bool = True


def check(app: App) -> Finding | None:
    """Asks the provider, so not inside a transaction. None: nothing is missing as far as can be told from here."""
    try:
        _by_credentials(app) if app.kind == AppKind.SERVER else oauth.probe(registry.oauth(app.provider), app)
    except OperatorNeeded as needed:
        return _refused(app, needed)
    except AuthorizationLost as lost:
        return Finding(lost.sentence if lost.missing_scopes else _account_is_unknown(), field="account_id")
    except RequestRejected as rejected:
        return Finding(rejected.sentence)
    except ProviderError as error:
        return Finding(_not_now() % {"cause": error.sentence}, certain=False)
    return None


def _by_credentials(app: App) -> None:
    provider = registry.oauth(app.provider)
    token = oauth.by_credentials(provider, app)
    if problem := authorizations.problem(app, token, authorizations.identified(app, token)):
        raise problem


def _refused(app: App, needed: OperatorNeeded) -> Finding:
    label = registry.oauth(app.provider).label
    if needed.about == "client":
        text = _("%(provider)s does not know this client ID with this secret. Copy both once more from the same app.")
        return Finding(text % {"provider": label}, field="client_secret")
    if needed.about == "redirect":
        text = _("%(provider)s does not have the redirect address below for this app. Add it there, to the last slash.")
        return Finding(text % {"provider": label})
    return Finding(_("%(provider)s refused the app: %(detail)s") % {"provider": label, "detail": needed.detail})


def _account_is_unknown() -> str:
    return _("The account ID does not belong to this app, or the app is not activated yet.")


def _not_now() -> str:
    return _("It could not be checked just now. %(cause)s Check it again in a few minutes.")
