"""The keys that sign id_tokens, and the signing."""

import base64
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEPT = 2
"""So many keys are published: the current one and the one before."""


def signed(number: int, claims: dict[str, Any]) -> str:
    """RS256."""
    head = {"typ": "JWT", "alg": "RS256", "kid": _name(number)}
    content = ".".join(_encoded(json.dumps(part).encode()) for part in (head, claims))
    signature = _key(number).sign(content.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{content}.{_encoded(signature)}"


def published(number: int) -> list[dict[str, str]]:
    """The JSON web keys as of the key with this number."""
    return [_public(older) for older in range(max(0, number - KEPT + 1), number + 1)]


def _public(number: int) -> dict[str, str]:
    numbers = _key(number).public_key().public_numbers()
    big, exponent = (_encoded(value.to_bytes((value.bit_length() + 7) // 8)) for value in (numbers.n, numbers.e))
    return {"kty": "RSA", "use": "sig", "kid": _name(number), "n": big, "e": exponent}


@cache
def _key(number: int) -> rsa.RSAPrivateKey:
    """Made once for the process: it takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(number: int) -> str:
    return f"simulated-key-{number}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
