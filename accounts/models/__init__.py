from accounts.models.email import Attachment, Email
from accounts.models.organization import Membership, Organization, Role
from accounts.models.user import User

__all__ = ["Attachment", "Email", "Membership", "Organization", "Role", "User"]
