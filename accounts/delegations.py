"""Handing the managing of one's schedule to a colleague: with what is marked private, or without."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit, organizations
from accounts.models import Act, Delegation, Membership, User


class Refused(Exception):
    """`sentence`: why he cannot be the delegate."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Desk:
    """A member's schedule, as somebody sits at it: the member himself, or his delegate.

    sees_private: what is marked private shows; else its time alone.
    """

    owner: Membership
    reader: Membership
    sees_private: bool

    @property
    def is_own(self) -> bool:
        return self.owner.pk == self.reader.pk


@transaction.atomic
def hand_over(owner: Membership, delegate: Membership, *, private_events: bool, by: User) -> Delegation:
    """Raises Refused for himself, for strangers, and for somebody who is his delegate already."""
    if delegate.organization_id != owner.organization_id or delegate.pk == owner.pk:
        raise Refused(_("Please choose another member of your organization."))
    organizations.lock(owner.organization)
    try:
        with transaction.atomic():
            made = Delegation.objects.create(owner=owner, delegate=delegate, private_events=private_events)
    except IntegrityError as error:
        raise Refused(_("%(name)s manages your schedule already.") % {"name": delegate.user}) from error
    _note(made, Act.DELEGATE_NAMED, by, private_events=private_events)
    return made


@transaction.atomic
def limit(delegation: Delegation, *, private_events: bool, by: User) -> None:
    """Whether he may see and manage what is marked private."""
    organizations.lock(delegation.owner.organization)
    delegation.private_events = private_events
    delegation.save(update_fields=["private_events"])
    _note(delegation, Act.DELEGATE_CHANGED, by, private_events=private_events)


@transaction.atomic
def take_back(delegation: Delegation, *, by: User) -> None:
    """By either of the two."""
    organizations.lock(delegation.owner.organization)
    Delegation.objects.filter(pk=delegation.pk).delete()
    _note(delegation, Act.DELEGATE_REMOVED, by)


def given_by(owner: Membership) -> QuerySet[Delegation]:
    return Delegation.objects.filter(owner=owner).select_related("delegate__user", "owner__organization")


def held_by(delegate: Membership) -> QuerySet[Delegation]:
    return Delegation.objects.filter(delegate=delegate).select_related("owner__user", "owner__organization")


def desk(reader: Membership, custom_url: str = "") -> Desk | None:
    """His own, or that of the colleague with this custom URL; None if that one has not handed it to him."""
    if custom_url in ("", reader.user.custom_url):
        return Desk(reader, reader, sees_private=True)
    found = held_by(reader).filter(owner__user__custom_url=custom_url).first()
    return Desk(found.owner, reader, found.private_events) if found else None


def desks(reader: Membership) -> list[Desk]:
    """His own first, then those of his colleagues."""
    return [Desk(reader, reader, True), *(Desk(held.owner, reader, held.private_events) for held in held_by(reader))]


def _note(delegation: Delegation, act: Act, by: User, **details: bool) -> None:
    subject = _("%(delegate)s for %(owner)s") % {"delegate": delegation.delegate.user, "owner": delegation.owner.user}
    audit.note(delegation.owner.organization, act, by=by, subject=subject, **details)
