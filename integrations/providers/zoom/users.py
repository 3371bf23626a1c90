"""Who authorized. The id stays within a Zoom account, the e-mail may change."""

from requests import Session

from integrations.providers.zoom import translation
from integrations.types import Identity

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
        paid=PAID.get(user["type"]) if isinstance(user.get("type"), int) else None,
    )
