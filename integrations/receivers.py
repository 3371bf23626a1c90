"""What integrations answers to the floors below."""

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.signals import attention_asked
from accounts.types import Notice
from integrations import queries, registry, states

RANK = 10


@receiver(attention_asked)
def name_broken_accounts(sender: object, membership: Membership, **kwargs: object) -> list[Notice]:
    """The banner leads to the page where the account can be reconnected."""
    found = [(connection, states.of(connection)) for connection in queries.connections_of(membership)]
    return [
        Notice(
            rank=RANK,
            text=_("%(provider)s account %(email)s: %(sentence)s")
            % {
                "provider": registry.provider(connection.grant.provider).label,
                "email": connection.grant.email,
                "sentence": state.sentence,
            },
            action=state.action,
            url=reverse("conferencing"),
        )
        for connection, state in found
        if state.broken
    ]
