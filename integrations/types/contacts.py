"""People in somebody's address book."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    external_id: str
    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    company: str = ""


@dataclass(frozen=True)
class ContactPage:
    """Part of what changed in an address book. sync_token: on the last page only."""

    contacts: tuple[Contact, ...] = ()
    removed: tuple[str, ...] = ()
    sync_token: str = ""


@dataclass(frozen=True)
class ContactRequest:
    name: str
    email: str
    phone: str = ""
    company: str = ""
