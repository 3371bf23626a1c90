"""ID tokens, signed with a key that lives as long as the process."""

import base64
import json
from datetime import timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from integrations.simulators.google.identity.scopes import AUTH
from integrations.simulators.google.records import Person
from integrations.simulators.google.world import World

KID = "simulated-1"
ISSUER = "https://accounts.google.com"


def claims(world: World, person: Person, scopes: frozenset[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"sub": person.sub}
    if AUTH + "userinfo.email" in scopes:
        told |= {"email": person.email, "email_verified": True}
    if AUTH + "userinfo.profile" in scopes:
        told |= {"name": person.name, "given_name": person.name.split()[0]}
    return told | ({"hd": person.hd} if person.hd else {})


def signed(world: World, person: Person, client_id: str, scopes: frozenset[str], nonce: str) -> str:
    now = world.clock.now()
    frame: dict[str, Any] = {"iss": ISSUER, "aud": client_id, "azp": client_id, "iat": int(now.timestamp())}
    frame["exp"] = int((now + timedelta(hours=1)).timestamp())
    body = frame | ({"nonce": nonce} if nonce else {}) | claims(world, person, scopes)
    head = {"alg": "RS256", "typ": "JWT", "kid": KID}
    message = ".".join(_encoded(json.dumps(part).encode()) for part in (head, body))
    return f"{message}.{_encoded(_key().sign(message.encode(), padding.PKCS1v15(), SHA256()))}"


def public_keys() -> dict[str, Any]:
    numbers = _key().public_key().public_numbers()
    key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KID}
    return {"keys": [key | {"n": _number(numbers.n), "e": _number(numbers.e)}]}


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _number(value: int) -> str:
    return _encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
