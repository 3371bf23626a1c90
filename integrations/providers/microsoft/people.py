"""Who signed in: an account of an organization, or a personal one.

An address may be typed into a directory by any of its admins; only the domains that a tenant has proved are believed.
"""

from typing import Any

from django.utils.translation import gettext as _
from requests import Session

from integrations.exceptions import RequestRejected
from integrations.providers.microsoft import translation
from integrations.types import Identity

FIELDS = "id,displayName,mail,userPrincipalName,userType"
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of all personal accounts."""
GUEST = "#EXT#"


def identify(http: Session) -> Identity:
    """Raises RequestRejected for guests, who have no calendar where they are guests."""
    response = http.get("/me", params={"$select": FIELDS})
    me = translation.content(response)
    if not me.get("id") or not me.get("userPrincipalName"):
        raise translation.unclear(response)
    if me.get("userType") == "Guest" or GUEST in str(me["userPrincipalName"]):
        sentence = _(
            "You are a guest there, and guests have no calendar. Sign in with the account of your own organization."
        )
        raise RequestRejected(sentence)
    tenant = _tenant(http, me)
    return Identity(
        external_id=str(me["id"]),
        account_id=str(tenant.get("id") or ""),
        email=_email(me, tenant)[:254],
        name=str(me.get("displayName") or "").strip()[:200],
        paid=None,
    )


def _tenant(http: Session, me: dict[str, Any]) -> dict[str, Any]:
    """Its id and domains; nothing where they are not told. A personal account has no kind of user."""
    if not me.get("userType"):
        return {"id": CONSUMERS}
    try:
        found = translation.content(http.get("/organization", params={"$select": "id,verifiedDomains"}))
    except RequestRejected:
        return {}
    listed = found.get("value")
    return listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}


def _email(me: dict[str, Any], tenant: dict[str, Any]) -> str:
    """`mail`, if its domain is proved; the name to sign in with always is."""
    upn, mail = str(me["userPrincipalName"]), str(me.get("mail") or "")
    domains = {str(one.get("name") or "").lower() for one in tenant.get("verifiedDomains") or []}
    proved = domains | {_domain(upn)}
    if mail and (tenant.get("id") == CONSUMERS or _domain(mail) in proved):
        return mail
    return upn


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
