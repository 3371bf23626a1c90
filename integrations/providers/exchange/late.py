"""What speaks EWS, loaded with the first account: exchangelib takes 16 MB of memory, and most know no Exchange."""

from contextlib import AbstractContextManager
from typing import Any, cast

from requests import Session

from integrations.providers.calendaring import Calendaring, Pushes
from integrations.types import Identity, Login


def opened(login: Login) -> AbstractContextManager[Session]:
    from integrations.providers.exchange import mailbox

    return mailbox.opened(login)


def opened_by_token(login: Login, token: str) -> AbstractContextManager[Session]:
    from integrations.providers.exchange import mailbox

    return mailbox.opened_by_token(login, token)


def identify(http: Session, login: Login) -> Identity:
    from integrations.providers.exchange import owner

    return owner.identify(http, login)


class _Calendars:
    """Those of calendar.py, once they are asked for something."""

    pushes: Pushes | None = None

    def __getattr__(self, name: str) -> Any:
        from integrations.providers.exchange import calendar

        return getattr(calendar.Calendars(), name)


calendars = cast(Calendaring, _Calendars())
