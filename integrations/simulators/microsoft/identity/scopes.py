"""Permission names: which resource they belong to, and which of them a person may give."""

from dataclasses import dataclass

from integrations.simulators.microsoft.errors import TokenError
from integrations.simulators.microsoft.records import App

OPENID = ("openid", "profile", "email", "offline_access")
GRAPH, EXCHANGE = "https://graph.microsoft.com", "https://outlook.office365.com"
DEFAULT = ".default"
BASIC = ("User.Read", *OPENID)
"""What people may consent to themselves even under Microsoft's managed policy."""


@dataclass(frozen=True)
class Asked:
    openid: tuple[str, ...]
    resource: str
    names: tuple[str, ...]
    """Permissions of the one resource, in their short form."""


def understand(scope: str, app: App) -> Asked:
    """Raises TokenError for two resources, and for /.default mixed with names."""
    given = scope.split()
    openid = tuple(name for name in given if name in OPENID)
    pairs = [split(name) for name in given if name not in OPENID]
    resources = {resource for resource, _ in pairs}
    if len(resources) > 1:
        sentence = "The provided value for the input parameter scope is not valid: more than one resource."
        raise TokenError("invalid_scope", 700022, sentence)
    names = tuple(name for _, name in pairs)
    return Asked(openid, resources.pop() if resources else GRAPH, _listed(names, app))


def split(name: str) -> tuple[str, str]:
    """The resource and the permission; a bare name means Graph."""
    resource, slash, permission = name.rpartition("/")
    return (resource.rstrip("/"), permission) if slash else (GRAPH, name)


def needs_admin(names: set[str]) -> set[str]:
    """What only an admin may consent to under the managed policy."""
    return {name for name in names if name not in BASIC}


def covers(granted: set[str] | frozenset[str], wanted: str) -> bool:
    """Whether one of what was granted allows `wanted`: writing contains reading."""
    return wanted in granted or wanted.replace(".Read", ".ReadWrite", 1) in granted


def _listed(names: tuple[str, ...], app: App) -> tuple[str, ...]:
    if DEFAULT not in names:
        return names
    if len(names) > 1:
        raise TokenError("invalid_scope", 70011, "The scope .default cannot be combined with resource-specific scopes.")
    return app.scopes
