"""What accounts itself asks of a member."""

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import queries
from accounts.models import Membership
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
