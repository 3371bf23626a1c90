"""System checks: what the providers' keys and the safety of their tokens still lack, in words."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from integrations import networks, registry
from integrations.types import AppKind

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@register()
def keys_have_secrets(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{provider.key}, {kind} app: of client id and client secret only one is set.",
            hint="Set both, or neither.",
            id="integrations.E001",
        )
        for provider in registry.OAUTH
        for kind in (AppKind.PERSONAL, AppKind.ORGANIZATION)
        if any(provider.installed_app(kind).credentials) and not provider.installed_app(kind).is_complete
    ]


@register()
def encryption_keys_are_keys(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"ENCRYPTION_KEYS: number {place} is no key.",
            hint="A key is 32 bytes in URL-safe base64, as Fernet.generate_key() makes them.",
            id="integrations.E002",
        )
        for place, key in enumerate(settings.ENCRYPTION_KEYS, start=1)
        if not _is_key(key)
    ]


@register()
def private_networks_are_networks(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        networks.permitted()
    except ValueError as error:
        hint = "Write networks such as 10.20.0.0/24, by comma."
        return [Error(f"OUTWARD_PRIVATE_ADDRESSES: {error}.", hint=hint, id="integrations.E005")]
    return []


@register(Tags.security, deploy=True)
def tokens_have_their_own_key(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.ENCRYPTION_KEYS or settings.EMBEDDED:
        return []
    return [
        Error(
            "ENCRYPTION_KEYS is empty, so the tokens of all accounts hang on SECRET_KEY.",
            hint=f"Set ENCRYPTION_KEYS, for example to {Fernet.generate_key().decode()}",
            id="integrations.E003",
        )
    ]


@register(Tags.security, deploy=True)
def secret_key_is_ours(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.SECRET_KEY != settings.INSECURE_KEY or not settings.HTTPS:
        return []
    hint = "Set SECRET_KEY to 50 random characters."
    return [Error("SECRET_KEY is the one that everybody knows.", hint=hint, id="integrations.E004")]


@register(Tags.security, deploy=True)
def tokens_travel_unread(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A stand-in on this machine may speak http; anything else must not."""
    return [
        checks.Warning(
            f"{name} is not https: tokens travel readable.",
            hint="Use https, or an address of this machine.",
            id="integrations.W001",
        )
        for name in settings.PROVIDER_ADDRESSES
        if not _is_safe(getattr(settings, name))
    ]


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return settings.SIMULATORS or parts.scheme == "https" or parts.hostname in LOOPBACK


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
