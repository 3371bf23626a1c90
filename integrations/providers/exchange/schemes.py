"""How a server wants to be signed in to: asked once per process, without a password."""

import time

from django.utils.translation import gettext as _

from integrations.exceptions import RequestRejected
from integrations.guarded import Limits
from integrations.outward import Outward
from integrations.providers.exchange import cloud

NTLM, BASIC = "NTLM", "basic"
"""As exchangelib calls them."""
WORDS = {NTLM: ("ntlm", "negotiate"), BASIC: ("basic",)}
"""As they stand in WWW-Authenticate. NTLM first: it does not send the password itself."""
REMEMBERED = 3600.0
MOST = 1000
_known: dict[str, tuple[str, float]] = {}


def found(address: str) -> str:
    """exchangelib's name for it. Raises RequestRejected if there is no Exchange at the address."""
    scheme, until = _known.get(address, ("", 0.0))
    if time.monotonic() < until:
        return scheme
    scheme = _asked(address)
    if len(_known) >= MOST:
        _known.clear()
    _known[address] = scheme, time.monotonic() + REMEMBERED
    return scheme


def forget(address: str) -> None:
    _known.pop(address, None)


def _asked(address: str) -> str:
    with Outward("Exchange", limits=Limits(bars=cloud.HOSTS)) as http:
        answer = http.post(address, allow_redirects=False, headers={"Content-Type": "text/xml; charset=utf-8"})
    offers = answer.headers.get("WWW-Authenticate", "").lower()
    for scheme, words in WORDS.items():
        if answer.status_code == 401 and any(word in offers for word in words):
            return scheme
    raise RequestRejected(
        _("No Exchange answers at this address. It usually looks like https://mail.example.com/EWS/Exchange.asmx."),
        detail=f"HTTP {answer.status_code}",
    )
