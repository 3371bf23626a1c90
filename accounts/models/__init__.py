from accounts.models.application import ApiKey, Application, ApplicationState, Consent
from accounts.models.audit import Act, AuditEntry
from accounts.models.delegation import Delegation
from accounts.models.email import Attachment, Email
from accounts.models.invitation import Invitation
from accounts.models.organization import Membership, Organization, Registration, Role
from accounts.models.team import Team
from accounts.models.user import User

__all__ = [
    "Act",
    "ApiKey",
    "Application",
    "ApplicationState",
    "Attachment",
    "AuditEntry",
    "Consent",
    "Delegation",
    "Email",
    "Invitation",
    "Membership",
    "Organization",
    "Registration",
    "Role",
    "Team",
    "User",
]
