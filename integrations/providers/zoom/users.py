"""Who authorized. The id stays within a Zoom account, the e-mail may change."""

from typing import Any
from urllib.parse import quote

from requests import Session

from integrations.exceptions import RequestRejected
from integrations.providers.zoom import translation
from integrations.types import App, Colleague, Identity

MEMBER = "Member"
# 1 Basic and 4 without Zoom Meetings are free, 99 is no type at all, 2 is licensed; others cannot be told.
PAID = {1: False, 2: True, 4: False, 99: False}


def identify(http: Session) -> Identity:
    response = http.get("/users/me")
    user = translation.content(response)
    if not user.get("id") or not user.get("email"):
        raise translation.unclear(response)
    name = user.get("display_name") or f"{user.get('first_name') or ''} {user.get('last_name') or ''}"
    return Identity(
        external_id=str(user["id"]),
        account_id=str(user.get("account_id") or ""),
        email=str(user["email"])[:254],
        name=str(name).strip()[:200],
        paid=_paid(user),
        is_admin=user.get("role_name") != MEMBER,
    )


def identify_account(http: Session, app: App) -> Identity:
    """Credentials alone belong to an account, not to a person; that they may list its users shows that they work."""
    page = translation.content(http.get("/users", params={"page_size": "1"}))
    if not isinstance(page.get("users"), list):
        raise RequestRejected("Zoom did not show the users of this account.")
    return Identity(app.account_id, app.account_id, "", "", paid=None, is_admin=True)


def find(http: Session, whom: str) -> Colleague | None:
    """By id or e-mail, which is encoded: it may hold + and /."""
    try:
        user = translation.content(http.get(f"/users/{quote(whom, safe='')}"))
    except RequestRejected as rejected:
        return _not_there(rejected, whom)
    if not user.get("id"):
        return Colleague("", str(user.get("email") or "")[:254], None, state="pending")
    state = "found" if user.get("status", "active") == "active" else "inactive"
    return Colleague(str(user["id"]), str(user.get("email") or "")[:254], _paid(user), state=state)


def _not_there(rejected: RequestRejected, whom: str) -> Colleague | None:
    """1120: was invited and has not accepted. Anything but "unknown user" is a failure, not an answer."""
    if rejected.code == 1120:
        return Colleague("", whom if "@" in whom else "", None, state="pending")
    if rejected.code in (1001, 1010):
        return None
    raise rejected


def _paid(user: dict[str, Any]) -> bool | None:
    return PAID.get(user["type"]) if isinstance(user.get("type"), int) else None
