"""Whose mailbox it is."""

from typing import Any

from exchangelib.errors import ErrorNonExistentMailbox, EWSError
from requests import Session

from integrations.providers.exchange import operations
from integrations.providers.exchange.mailbox import Mailbox
from integrations.providers.exchange.refusals import translated
from integrations.types import Identity, Login


def identify(http: Session, login: Login) -> Identity:
    """Somebody whose password is right. A service account need not have a mailbox."""
    assert isinstance(http, Mailbox)
    with translated():
        try:
            http.ask(operations.GetFolder, operations.main_calendar())
        except ErrorNonExistentMailbox:
            if login.acting_for or "@" not in login.username:
                raise
    name = login.username.strip().lower()
    email = name if "@" in name else _address(http, name.rpartition("\\")[2])
    return Identity(name, account_id=name, email=email, name=login.username, paid=None)


def _address(http: Mailbox, name: str) -> str:
    """Whose name it is, by the directory; empty if it does not know him, or several."""
    try:
        messages = http.ask(operations.ResolveNames, operations.who_is(name))
    except EWSError:
        return ""
    found = [one for message in messages if not isinstance(message, Exception) for one in _addresses(message)]
    return found[0].lower() if len(found) == 1 else ""


def _addresses(message: Any) -> list[str]:
    return [str(one.text) for one in message.iter(operations.t("EmailAddress")) if "@" in (one.text or "")]
