"""What integrations answers to the floors below."""

from allauth.account.signals import email_changed
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.queries import memberships
from accounts.signals import attention_asked, member_in_use, member_joined, member_leaving
from accounts.types import Loss, Notice
from integrations import departures, prompts, queries, registry, seats, states
from integrations.models import Arrival, Connection

RANK = 10
CONFIRM = 15


@receiver(attention_asked)
def name_broken_accounts(sender: object, membership: Membership, **kwargs: object) -> list[Notice]:
    """His own, and to an admin those of the organization; the banner leads to where the account is reconnected."""
    found = [(connection, states.of(connection)) for connection in queries.looked_after_by(membership)]
    return [_broken(connection, state) for connection, state in found if state.broken]


@receiver(attention_asked)
def name_arrivals(sender: object, membership: Membership, **kwargs: object) -> list[Notice]:
    """Accounts that wait for an admin's word."""
    if not membership.is_admin:
        return []
    waiting = Arrival.objects.filter(organization=membership.organization_id).select_related("organization", "grant")
    return [_waiting(arrival) for arrival in waiting]


@receiver(attention_asked)
def name_calendar_to_set_up(sender: object, membership: Membership, **kwargs: object) -> list[Notice]:
    """Asked for by his organization, and not done yet."""
    found = prompts.notice(membership)
    return [found] if found else []


@receiver(member_joined)
@transaction.atomic
def give_seats(sender: object, membership: Membership, **kwargs: object) -> None:
    """He can host with what his organization has connected."""
    seats.give_to(membership)


@receiver(member_joined)
@transaction.atomic
def ask_newcomer(sender: object, membership: Membership, **kwargs: object) -> None:
    """To set up what his organization prescribes, if he may."""
    prompts.welcome(membership)


@receiver(member_leaving)
def see_off(sender: object, membership: Membership, by: User, **kwargs: object) -> None:
    departures.depart(membership, by=by)


@receiver(member_in_use)
def name_losses(sender: object, membership: Membership, **kwargs: object) -> list[Loss]:
    return departures.losses(membership)


@receiver(email_changed)
@transaction.atomic
def look_up_again(sender: object, user: User, **kwargs: object) -> None:
    """He may be somebody else in the organization's account, or be known there only now."""
    for membership in memberships(user):
        seats.give_to(membership)


def _broken(connection: Connection, state: states.State) -> Notice:
    text, url = _("%(provider)s for the whole organization: %(sentence)s"), state.url
    if not connection.is_shared:
        text = _("%(provider)s account %(email)s: %(sentence)s")
        url = reverse("connection_reconnect", args=[connection.organization.slug, connection.uid])
    provider = registry.provider(connection.grant.provider).label
    facts = {"provider": provider, "email": connection.account, "sentence": state.sentence}
    return Notice(RANK, text % facts, state.action, url)


def _waiting(arrival: Arrival) -> Notice:
    provider = registry.provider(arrival.grant.provider)
    return Notice(
        rank=CONFIRM,
        text=_("A %(provider)s account has arrived for your organization.") % {"provider": provider.label},
        action=_("Look and confirm"),
        url=reverse("organization_provider", args=[arrival.organization.slug, provider.key]),
    )
