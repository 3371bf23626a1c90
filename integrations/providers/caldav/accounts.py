"""Whose calendars they are."""

from requests import Session

from integrations.exceptions import RequestRejected
from integrations.providers.caldav import dav
from integrations.providers.caldav.multistatus import Answer
from integrations.types import Identity, Login


def identify(http: Session, login: Login) -> Identity:
    """By the principal, as the server calls the user; by his name where it does not say."""
    opened = dav.of(http)
    principal = opened.principal()
    return Identity(
        external_id=(principal or login.username)[:200],
        account_id=login.username,
        email=_email(opened),
        name=_name(opened, principal),
        paid=None,
    )


def _email(opened: dav.Dav) -> str:
    """The name itself, where it is an address; else the first that the server knows."""
    known = sorted(opened.addresses())
    return next((one for one in known if one == opened.login.username.strip().lower()), known[0] if known else "")


def _name(opened: dav.Dav, principal: str) -> str:
    try:
        answers: tuple[Answer, ...] = opened.propfind(principal, "D:displayname") if principal else ()
    except RequestRejected:
        return ""
    return answers[0].text("D:displayname")[:200] if answers else ""
