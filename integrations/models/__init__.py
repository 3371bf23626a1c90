from integrations.models.authorization import AuthorizationRequest, Level, Purpose
from integrations.models.connection import Connection
from integrations.models.grant import Grant, GrantStatus, LastCall
from integrations.models.preference import ConferencingPreference

__all__ = [
    "AuthorizationRequest",
    "ConferencingPreference",
    "Connection",
    "Grant",
    "GrantStatus",
    "LastCall",
    "Level",
    "Purpose",
]
