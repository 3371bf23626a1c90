import base64
import hashlib
import hmac
import time
from collections.abc import Mapping


def is_from_bridge(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """headers: in lower case.  body: the bytes as they came, before anything has parsed them."""
    moment = headers["webhook-timestamp"]
    if abs(time.time() - int(moment)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join([headers["webhook-id"].encode(), moment.encode(), body])
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return any(hmac.compare_digest(wanted, given) for given in headers["webhook-signature"].split())
