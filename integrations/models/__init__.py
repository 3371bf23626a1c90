from integrations.models.connection import Connection
from integrations.models.grant import Grant, GrantStatus
from integrations.models.preference import ConferencingPreference

__all__ = ["ConferencingPreference", "Connection", "Grant", "GrantStatus"]
