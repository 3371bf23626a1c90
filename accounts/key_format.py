"""What an API key looks like: "bridge_", forty random characters, and six that prove that none is missing or mistyped.

Scanners of published code find it by its beginning and take nothing else for it, because the six have to fit.
"""

import hashlib
import re
import secrets
import string
import zlib

START = "bridge_"
RANDOM, PROOF = 40, 6
SHOWN = len(START) + 4
"""By so many of its first characters its owner knows it again."""
_LETTERS = string.digits + string.ascii_letters


def make() -> str:
    chance = "".join(secrets.choice(_LETTERS) for _ in range(RANDOM))
    return START + chance + _proof(chance)


def is_whole(key: str) -> bool:
    """Whether it can be one of ours at all."""
    found = re.fullmatch(rf"{START}([0-9A-Za-z]{{{RANDOM}}})([0-9A-Za-z]{{{PROOF}}})", key, re.ASCII)
    return found is not None and _proof(found[1]) == found[2]


def hashed(key: str) -> str:
    """What is kept of it. It is long and random, so one round is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def _proof(chance: str) -> str:
    """The CRC-32 of the random part, in base 62."""
    number, digits = zlib.crc32(chance.encode()), ""
    for _ in range(PROOF):
        number, digit = divmod(number, len(_LETTERS))
        digits = _LETTERS[digit] + digits
    return digits
