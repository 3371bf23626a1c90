"""Accounts by name and password: where there is no OAuth. The password is sealed like a token, and shown to nobody."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from requests import Session

from accounts import encryption
from integrations import grants, policies, registry, states
from integrations.exceptions import AuthorizationLost, OperatorNeeded
from integrations.models import Grant
from integrations.types import Login


def of(grant: Grant, *, acting_for: str = "") -> Login:
    """The way in that a grant keeps. Raises OperatorNeeded if its password cannot be read."""
    try:
        password = grant.refresh_token
    except encryption.Undecipherable as error:
        raise OperatorNeeded(_("Bridge’s encryption key has changed; whoever runs Bridge must restore it.")) from error
    return Login(
        grant.api_url,
        grant.account_id,
        password,
        acting_for=acting_for,
        version=grant.version,
        no_password_at=policies.no_password_for(grant),
    )


@contextmanager
def session(grant: Grant, *, acting_for: str = "") -> Iterator[Session]:
    """A password that is refused ends the grant at once: another try could lock the account at its service."""
    current = Grant.objects.filter(pk=grant.pk).first()
    if current is None or not current.is_alive:
        raise AuthorizationLost(states.sentence(current or grant))
    try:
        with registry.password(current.provider).session(of(current, acting_for=acting_for)) as http:
            yield http
    except AuthorizationLost as lost:
        if not lost.missing_scopes:
            grants.refuse_password(current)
        raise
