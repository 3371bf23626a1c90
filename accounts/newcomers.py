"""Signing up through an invitation: he joins, and does not found."""

from django.db import IntegrityError, transaction

from accounts import invitations, profiles, queries
from accounts.models import Invitation, User


class HasAccount(Exception):
    """Somebody signs in with this address already; his account is not touched."""


def welcome(invitation: Invitation, *, name: str, password: str, time_zone: str) -> User:
    """An account with the invited address, in the organization. Raises HasAccount or invitations.Closed."""
    if queries.account_with(invitation.email):
        raise HasAccount
    try:
        return _welcome(invitation, name, password, time_zone)
    except IntegrityError as error:  # the same person's other click, or a sign-up without the link, was quicker
        raise HasAccount from error


@transaction.atomic
def _welcome(invitation: Invitation, name: str, password: str, time_zone: str) -> User:
    custom_url = profiles.free_custom_url(name)
    user = User.objects.create_user(invitation.email, password, name=name, time_zone=time_zone, custom_url=custom_url)
    invitations.accept_as_newcomer(invitation, by=user)
    return user
