"""Programs of others: registered in an organization, kept by whoever registered them and by its admins."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import now
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.settings import oauth2_settings

from accounts import application_letters, audit, consents, organizations
from accounts.logos import Logo
from accounts.models import Act, Application, ApplicationState, Consent, Membership, Organization, Registration, User
from accounts.models.application import OVERLAP


class RegisteredBefore(Exception):
    """The same form was sent twice."""


@dataclass(frozen=True)
class Details:
    """What can be changed later. `logo`: None leaves it as it is, an empty one removes it."""

    name: str
    redirect_uris: list[str]
    scopes: list[str]
    website: str = ""
    logo: Logo | None = None


def manageable(membership: Membership) -> QuerySet[Application]:
    """Those he registered here; for admins, all that were."""
    here: QuerySet[Application] = Application.objects.filter(organization=membership.organization_id)
    found = here.select_related("organization", "user")
    return found if membership.is_admin else found.filter(user=membership.user_id)


def may_register(membership: Membership) -> bool:
    return membership.is_admin or membership.organization.registration != Registration.ADMINS


def would_wait(membership: Membership) -> bool:
    """For an admin, before it may ask anybody."""
    return membership.organization.registration == Registration.APPROVAL and not membership.is_admin


@transaction.atomic
def register(by: Membership, details: Details, *, confidential: bool, uid: UUID) -> tuple[Application, str]:
    """With its secret, which is shown once; empty for a public one. Raises PermissionDenied or RegisteredBefore."""
    organizations.lock(by.organization)
    by.organization.refresh_from_db(fields=["registration"])
    if not may_register(by):
        raise PermissionDenied
    if Application.objects.filter(uid=uid).exists():
        raise RegisteredBefore
    secret, waits = generate_client_secret(), would_wait(by)
    made = Application(
        uid=uid,
        organization=by.organization,
        user=by.user,
        client_type=Application.CLIENT_CONFIDENTIAL if confidential else Application.CLIENT_PUBLIC,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        client_secret=secret,
        state=ApplicationState.WAITING if waits else ApplicationState.ACTIVE,
    )
    _fill(made, details)
    made.save()
    audit.note(by.organization, Act.APPLICATION_REGISTERED, by=by.user, subject=made.name, waits=waits)
    if waits:
        application_letters.ask_admins(made)
    return made, secret if confidential else ""


@transaction.atomic
def change(application: Application, details: Details, *, by: User) -> None:
    """What it may ask for less, it may do less at once: tokens are worth what is consented to, and that narrows."""
    held = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    former = _facts(held)
    _fill(held, details)
    held.save(update_fields=[*_facts(held), "updated"])
    _narrow(held)
    changed = sorted(name for name, value in _facts(held).items() if former[name] != value)
    if changed:
        audit.note(held.organization, Act.APPLICATION_CHANGED, by=by, subject=held.name, changed=changed)


@transaction.atomic
def renew_secret(application: Application, *, by: User) -> str:
    """The new one, shown once. The one in use goes on for OVERLAP; one that was only just made does not."""
    held = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    secret = str(generate_client_secret())
    if not held.overlaps:
        held.former_secret, held.former_secret_until = held.client_secret, now() + OVERLAP
    held.client_secret = make_password(secret, hasher=oauth2_settings.CLIENT_SECRET_HASHER)
    held.save(update_fields=["client_secret", "former_secret", "former_secret_until", "updated"])
    audit.note(held.organization, Act.APPLICATION_SECRET_RENEWED, by=by, subject=held.name)
    application.former_secret_until = held.former_secret_until
    return secret


@transaction.atomic
def end_former_secret(application: Application, *, by: User) -> None:
    former = Application.objects.filter(pk=application.pk, former_secret_until__gt=now())
    if former.update(former_secret="", former_secret_until=None):
        audit.note(
            application.organization, Act.APPLICATION_SECRET_RENEWED, by=by, subject=application.name, former="ended"
        )


@transaction.atomic
def delete(application: Application, *, by: User) -> None:
    """With all that people allowed it, and all its tokens."""
    audit.note(application.organization, Act.APPLICATION_DELETED, by=by, subject=application.name)
    application.delete()


@transaction.atomic
def approve(application: Application, *, by: User) -> None:
    """One that waits, or was blocked."""
    _move(application, ApplicationState.ACTIVE, Act.APPLICATION_APPROVED, by=by)


@transaction.atomic
def block(application: Application, *, by: User) -> None:
    """Its tokens are worth nothing while it is blocked; what people allowed stays, for the day it may act again."""
    _move(application, ApplicationState.BLOCKED, Act.APPLICATION_BLOCKED, by=by)


@transaction.atomic
def rule(organization: Organization, *, registration: str, outside: bool, by: User) -> None:
    """Without outside applications, those that act now lose what members allowed them."""
    held = Organization.objects.select_for_update().get(pk=organization.pk)
    if (held.registration, held.outside_applications) == (registration, outside):
        return
    held.registration, held.outside_applications = registration, outside
    held.save(update_fields=["registration", "outside_applications"])
    details = {"registration": str(registration), "outside": outside}
    audit.note(organization, Act.APPLICATIONS_RULED, by=by, subject=organization.name, **details)
    if not outside:
        consents.end_all(_consents_in(organization).exclude(application__organization=organization), by=by)


def acting_in(organization: Organization) -> QuerySet[Application]:
    """Those that members have let act here, wherever they are registered; `people`: how many."""
    people = Count("consents", filter=Q(consents__membership__organization=organization))
    found: QuerySet[Application] = Application.objects.annotate(people=people).filter(people__gt=0)
    return found.defer("logo").select_related("organization").order_by("name", "pk")


def end_access(organization: Organization, application: Application, *, by: User) -> int:
    """Of everybody here. How many."""
    return consents.end_all(_consents_in(organization).filter(application=application), by=by)


def people_of(organization: Organization, application: Application) -> list[User]:
    """Who lets it act here."""
    return [
        consent.user for consent in _consents_in(organization).filter(application=application).select_related("user")
    ]


def _consents_in(organization: Organization) -> QuerySet[Consent]:
    return Consent.objects.filter(membership__organization=organization)


def _move(application: Application, state: ApplicationState, act: Act, *, by: User) -> None:
    changed = Application.objects.filter(pk=application.pk).exclude(state=state).update(state=state)
    application.state = state
    if changed:
        audit.note(application.organization, act, by=by, subject=application.name)
        application_letters.tell_registrant(application, by=by)


def _fill(application: Application, details: Details) -> None:
    application.name, application.website = details.name, details.website
    application.redirect_uris, application.scopes = " ".join(details.redirect_uris), list(details.scopes)
    if details.logo is not None:
        application.logo, application.logo_type = details.logo.content, details.logo.content_type


def _facts(application: Application) -> dict[str, object]:
    names = "name", "website", "redirect_uris", "scopes", "logo_type"
    return {name: getattr(application, name) for name in names} | {"logo": bytes(application.logo)}


def _narrow(application: Application) -> None:
    for consent in application.consents.all():
        kept = [scope for scope in consent.scopes if scope in application.scopes]
        if kept != consent.scopes:
            Consent.objects.filter(pk=consent.pk).update(scopes=kept)
