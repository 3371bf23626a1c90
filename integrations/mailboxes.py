"""A member's mailbox, opened by the account of his organization: he needs no sign-in and no password."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Act, Membership
from integrations import calendars, policies, prompts, registry
from integrations.exceptions import RequestRejected
from outbox import outbox


def connect(membership: Membership) -> None:
    """Look into it, and have its calendars listed. Raises our four errors; then nothing is kept."""
    connection = policies.of(membership.organization).impersonator
    if connection is None:
        raise RequestRejected(_("Your organization has no account that opens mailboxes. Connect with your own."))
    provider = registry.connectable(connection.grant.provider)
    policies.require(membership, provider)
    calendars.list_calendars(connection, account=membership.user.email)
    with transaction.atomic():
        outbox.want("mailbox", membership.pk)
        prompts.answered(membership)
        audit.note(membership.organization, Act.CONNECTION_CONNECTED, by=membership.user, subject=str(provider.label))
