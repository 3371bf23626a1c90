"""Mails about people: somebody is invited, somebody belongs no more, somebody has lost his second factor."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import emails, names, queries
from accounts.models import Invitation, Membership, User


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
