"""Tokens at rest: Fernet with rotating keys, the identity of the row inside the ciphertext."""

import base64
import hashlib
import json
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Undecipherable(Exception):
    """No key of ours opens it, or it was written for another row."""


def encrypt(plain: str, *, owner: str) -> str:
    """`plain` for the row `owner`, with the newest key. Nothing stays nothing."""
    if not plain:
        return ""
    return _fernet(*_keys()).encrypt(json.dumps([owner, plain]).encode()).decode()


def decrypt(sealed: str, *, owner: str) -> str:
    """The reverse; raises Undecipherable."""
    if not sealed:
        return ""
    try:
        whose, plain = json.loads(_fernet(*_keys()).decrypt(sealed.encode()))
    except InvalidToken as error:
        raise Undecipherable(owner) from error
    if whose != owner:
        raise Undecipherable(owner)
    return str(plain)


def _keys() -> tuple[str, ...]:
    return tuple(settings.ENCRYPTION_KEYS) or (_derived(settings.SECRET_KEY),)


def _derived(secret: str) -> str:
    """The try-out's key; production brings its own (checks.py)."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"bridge tokens:" + secret.encode()).digest()).decode()


@lru_cache
def _fernet(*keys: str) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
