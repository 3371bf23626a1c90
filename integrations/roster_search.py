"""The filters of the members table, asked of the database."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import queries as accounts_queries
from accounts.models import Membership, Organization
from integrations import queries
from integrations.models import Connection, GrantStatus, Seat
from integrations.providers.base import OAuthProvider
from integrations.roster import Type


@dataclass(frozen=True)
class Search:
    """What the address asks for; empty does not narrow. without: only those who could not host tomorrow."""

    text: str = ""
    type: str = ""
    without: bool = False


def find(organization: Organization, provider: OAuthProvider, search: Search) -> QuerySet[Membership]:
    """By name."""
    found = accounts_queries.members(organization)
    if search.text:
        found = found.filter(Q(user__name__icontains=search.text) | Q(user__email__icontains=search.text))
    if search.type or search.without:
        found = _by_means(found, organization, provider.key, search)
    return found


def _by_means(
    found: QuerySet[Membership], organization: Organization, provider_key: str, search: Search
) -> QuerySet[Membership]:
    """The same as Line says, asked of the database."""
    works = Q(ended_at=None, grant__ended_at=None, grant__status__in=(GrantStatus.ACTIVE, GrantStatus.MISCONFIGURED))
    own = Connection.objects.filter(membership=OuterRef("pk"), grant__provider=provider_key)
    shared = queries.shared_connections(organization).filter(grant__provider=provider_key)
    barred = Seat.objects.barred().filter(membership=OuterRef("pk"), connection__in=shared)
    found = found.annotate(has_own=Exists(own), has_working=Exists(own.filter(works)), is_barred=Exists(barred))
    can_share = Q(is_barred=False) if shared.filter(works).exists() else Q(pk__in=())
    if search.without:
        found = found.exclude(Q(has_working=True) | can_share)
    personal = Q(has_working=True) | (Q(has_own=True) & ~can_share)
    kinds = {
        Type.PERSONAL.value: personal,
        Type.ORGANIZATION.value: ~personal if shared.exists() else Q(pk__in=()),
        Type.NONE.value: Q(pk__in=()) if shared.exists() else ~personal,
    }
    return found.filter(kinds[search.type]) if search.type in kinds else found
