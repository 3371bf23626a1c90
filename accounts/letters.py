"""Mails about people: somebody is invited, belongs no more, has lost his second factor, has made an API key."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import emails, names, queries
from accounts.models import ApiKey, Invitation, Membership, User
from accounts.scopes import Scope


def invite(invitation: Invitation, secret: str, *, by: User) -> None:
    """In the language of the account with this address, if there is one; else in the inviter's."""
    reader = queries.account_with(invitation.email) or by
    facts = {
        "organization": names.plain(invitation.organization),
        "inviter": names.plain(by),
        "email": invitation.email,
        "expires_at": invitation.expires_at,
        "url": settings.BASE_URL + reverse("invitation", args=[secret]),
    }
    with translation.override(reader.language), timezone.override(reader.time_zone):
        subject = _("%(inviter)s invites you to %(organization)s on Bridge") % facts
        emails.send(to=invitation.email, subject=subject, template="invitation", context=facts)


def tell_of_reset(user: User) -> None:
    """The operator has removed his second factor; if he did not ask for it, he should know."""
    with translation.override(user.language):
        facts = {"url": settings.BASE_URL + reverse("mfa_index")}
        subject = _("Your second factor at Bridge was removed")
        emails.send(to=user.email, subject=subject, template="second_factor_reset", context=facts)


def say_goodbye(membership: Membership, *, by: User) -> None:
    """To whoever was removed; his account stays."""
    facts = {
        "organization": names.plain(membership.organization),
        "by": names.plain(by),
        "url": settings.BASE_URL + reverse("organizations"),
    }
    with translation.override(membership.user.language):
        subject = _("You no longer belong to %(organization)s on Bridge") % facts
        emails.send(to=membership.user.email, subject=subject, template="member_removed", context=facts)


def tell_of_key(key: ApiKey) -> None:
    """One was made with his password; if it was not he, he should know."""
    subject = _("A new API key for your Bridge account: %(name)s")
    _say_of_key(key, subject, "api_key_made")


def warn_of_key(key: ApiKey) -> None:
    subject = _("Your API key “%(name)s” ends soon")
    _say_of_key(key, subject, "api_key_ends")


def _say_of_key(key: ApiKey, subject: str, template: str) -> None:
    reader = key.membership.user
    with translation.override(reader.language), timezone.override(reader.time_zone):
        facts = {
            "name": names.plain(key.name),
            "start": key.start,
            "organization": names.plain(key.membership.organization),
            "scopes": [str(scope.label) for scope in Scope if scope.value in key.scopes],
            "expires_at": key.expires_at,
            "url": settings.BASE_URL + reverse("api_keys"),
        }
        emails.send(to=reader.email, subject=subject % facts, template=template, context=facts)
