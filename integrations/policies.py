"""What an organization decides about calendars and contacts, and what follows."""

from accounts.models import Organization
from integrations.models import CalendarPolicy
from integrations.providers.base import NOTHING, Connectable
from integrations.types import Permission


def of(organization: Organization) -> CalendarPolicy:
    """As saved, else as it is where nobody has decided (not saved)."""
    found = CalendarPolicy.objects.filter(organization=organization).first()
    return found or CalendarPolicy(organization=organization)


def permissions(organization: Organization, provider: Connectable) -> frozenset[Permission]:
    """What is asked of the provider for a member of this organization; nothing of one without calendars."""
    return of(organization).permissions if provider.calendaring else NOTHING
