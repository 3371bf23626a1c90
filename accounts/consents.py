"""What people let applications do: given, narrowed, ended. An end kills the tokens at once."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from accounts import audit, queries, second_factors
from accounts.models import Act, Application, Consent, Membership, Organization, User


class NotHere(Exception):
    """He does not belong to that organization, or it does not let this application in."""


def of(user: User) -> QuerySet[Consent]:
    related = "application__organization", "membership__organization", "membership__user"
    return Consent.objects.filter(user=user).select_related(*related).defer("application__logo")


def choices(user: User, application: Application) -> list[Membership]:
    """In which of his organizations it may act for him, by their rules."""
    mine = queries.memberships(user).select_related("user")
    return [membership for membership in mine if admits(membership, application)]


def admits(membership: Membership, application: Application) -> bool:
    organization = membership.organization
    return organization.outside_applications or application.organization_id == organization.pk


def is_barred(membership: Membership) -> bool:
    return second_factors.bars(membership)


@transaction.atomic
def allow(application: Application, membership: Membership, scopes: Iterable[str]) -> Consent:
    """From now on exactly this. In another organization than before, what it held for the former one ends.

    Raises NotHere: meanwhile he left, or the rules changed.
    """
    former = _locked(application, membership)
    user = membership.user
    if former is None or former.membership_id != membership.pk:
        kill_tokens(application.pk, user.pk)
    if former is not None and former.membership_id != membership.pk:
        _note_end(former, by=user)
    facts = {"membership": membership, "scopes": sorted(scopes), "given_at": now()}
    consent, _ = Consent.objects.update_or_create(application=application, user=user, defaults=facts)
    audit.note(
        membership.organization, Act.APPLICATION_ALLOWED, by=user, subject=str(application), scopes=consent.scopes
    )
    return consent


@transaction.atomic
def end(consent: Consent, *, by: User) -> None:
    """By himself, or by an admin of the organization. One that is over already is calm."""
    deleted, _ = Consent.objects.filter(pk=consent.pk).delete()
    if deleted:
        _note_end(consent, by=by)


def end_all(found: QuerySet[Consent], *, by: User) -> int:
    """How many."""
    consents = list(found.select_related("application", "membership__organization", "user"))
    for consent in consents:
        end(consent, by=by)
    return len(consents)


def kill_tokens(application_id: int, user_id: int) -> None:
    """Codes that are on their way too."""
    for model in (Grant, AccessToken, RefreshToken):
        model.objects.filter(application=application_id, user=user_id).delete()


def _locked(application: Application, membership: Membership) -> Consent | None:
    """What he allowed it before, while nobody leaves, and nobody changes the rules."""
    his = of(membership.user).filter(application=application)
    organizations = {membership.organization_id, *his.values_list("membership__organization", flat=True)}
    list(Organization.objects.select_for_update().filter(pk__in=organizations).order_by("pk"))
    User.objects.select_for_update().get(pk=membership.user_id)
    still = queries.memberships(membership.user).filter(pk=membership.pk).first()
    if still is None or not admits(still, application):
        raise NotHere
    return his.first()


def _note_end(consent: Consent, *, by: User) -> None:
    organization = consent.membership.organization
    audit.note(organization, Act.APPLICATION_ENDED, by=by, subject=str(consent.application), person=str(consent.user))
