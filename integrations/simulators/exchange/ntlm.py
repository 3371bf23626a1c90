"""The NTLM handshake, as far as a password is proven by it (MS-NLMP, NTLMv2).

Real servers bind it to the connection; ours always gives the same challenge and forgets who said hello.
"""

import base64
import binascii
import hmac
import struct

from spnego._ntlm_raw.crypto import ntowfv1, ntowfv2

SIGNATURE = b"NTLMSSP\x00"
SAID = b"simulate"
"""The server's eight bytes."""
FLAGS = 0xA2898205
DOMAIN = "CORP".encode("utf-16-le")


class Proof:
    """What a client's last message says: the name, and the proof that he knows the password."""

    def __init__(self, sent: str) -> None:
        message = _decoded(sent)
        self.domain = _text(message, 28)
        self.name = _text(message, 36)
        self._response = _bytes(message, 20)

    def fits(self, password: str) -> bool:
        key = ntowfv2(self.name, ntowfv1(password), self.domain)
        expected = hmac.digest(key, SAID + self._response[16:], "md5")
        return hmac.compare_digest(expected, self._response[:16])


def is_last(sent: str) -> bool:
    return _decoded(sent)[8:12] == struct.pack("<I", 3)


def challenge() -> str:
    """The server's message, with the names of a domain and the end of its list of them."""
    info = struct.pack("<HH", 2, len(DOMAIN)) + DOMAIN + struct.pack("<HH", 0, 0)
    at = 56
    head = SIGNATURE + struct.pack("<IHHI", 2, len(DOMAIN), len(DOMAIN), at)
    head += struct.pack("<I", FLAGS) + SAID + bytes(8)
    head += struct.pack("<HHI", len(info), len(info), at + len(DOMAIN)) + bytes(8)
    return base64.b64encode(head + DOMAIN + info).decode()


def _decoded(sent: str) -> bytes:
    try:
        message = base64.b64decode(sent, validate=True)
    except binascii.Error:
        return bytes(64)
    return message if message.startswith(SIGNATURE) else bytes(64)


def _bytes(message: bytes, at: int) -> bytes:
    length, _room, offset = struct.unpack("<HHI", message[at : at + 8])
    return message[offset : offset + length]


def _text(message: bytes, at: int) -> str:
    return _bytes(message, at).decode("utf-16-le", "replace")
