from accounts.models.audit import Act, AuditEntry
from accounts.models.delegation import Delegation
from accounts.models.email import Attachment, Email
from accounts.models.invitation import Invitation
from accounts.models.organization import Membership, Organization, Role
from accounts.models.team import Team
from accounts.models.user import User

__all__ = [
    "Act",
    "Attachment",
    "AuditEntry",
    "Delegation",
    "Email",
    "Invitation",
    "Membership",
    "Organization",
    "Role",
    "Team",
    "User",
]
