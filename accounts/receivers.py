"""What accounts itself asks of a member, and what it notes of his second factor."""

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import api_keys, consents, queries, second_factors
from accounts.models import Act, Consent, Membership, User
from accounts.signals import attention_asked, member_in_use
from accounts.types import Loss, Notice

RANK = 60


@receiver(attention_asked)
def name_invitations(sender: object, membership: Membership, **kwargs: object) -> list[Notice]:
    """To those who signed up without the link, or have an account already."""
    return [
        Notice(
            rank=RANK,
            text=_("You are invited to %(organization)s.") % {"organization": invitation.organization},
            action=_("See the invitation"),
            url=reverse("organizations"),
            is_good=True,
        )
        for invitation in queries.invitations_for(membership.user)
    ]


@receiver(member_in_use)
def name_open_invitations(sender: object, membership: Membership, **kwargs: object) -> list[Loss]:
    sent = queries.pending_invitations(membership.organization).filter(invited_by=membership.user)
    return [Loss(invitation.email, _("Invitations that are withdrawn; others can invite again")) for invitation in sent]


@receiver(member_in_use)
def name_api_keys(sender: object, membership: Membership, **kwargs: object) -> list[Loss]:
    his = api_keys.live(membership.user).filter(membership=membership)
    return [Loss(key.name, _("API keys that open nothing any more")) for key in his]


@receiver(member_in_use)
def name_consents(sender: object, membership: Membership, **kwargs: object) -> list[Loss]:
    lost = _("Applications that act for this member here lose their access")
    return [
        Loss(str(consent.application), lost) for consent in consents.of(membership.user).filter(membership=membership)
    ]


@receiver(post_delete, sender=Consent)
def kill_tokens(sender: object, instance: Consent, **kwargs: object) -> None:
    """However it ended: by himself, by an admin, with his membership."""
    consents.kill_tokens(instance.application_id, instance.user_id)


@receiver(authenticator_added)
def note_factor(sender: object, user: User, authenticator: Authenticator, **kwargs: object) -> None:
    if authenticator.type in second_factors.FACTORS:
        second_factors.note(user, Act.FACTOR_ADDED, by=user, subject=str(authenticator))


@receiver(authenticator_removed)
def note_removed_factor(sender: object, user: User, authenticator: Authenticator, **kwargs: object) -> None:
    if authenticator.type in second_factors.FACTORS:
        second_factors.note(user, Act.FACTOR_REMOVED, by=user, subject=str(authenticator))


@receiver(authenticator_reset)
def note_recovery_codes(sender: object, user: User, **kwargs: object) -> None:
    second_factors.note(user, Act.RECOVERY_CODES_RENEWED, by=user, subject=str(user))
