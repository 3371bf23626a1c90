"""What is asked of members and their pages."""

from accounts.models import AuditEntry, Membership


def at(member: Membership, *rest: object) -> str:
    return "/".join([f"/o/{member.organization.slug}/members", *(str(part) for part in rest)])


def role_of(member: Membership) -> str:
    return Membership.objects.get(pk=member.pk).role


def acts(member: Membership) -> list[str]:
    """In the book of his organization, in order."""
    entries = AuditEntry.objects.filter(organization=member.organization).order_by("number")
    return list(entries.values_list("act", flat=True))
