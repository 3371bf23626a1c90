"""Values of scheduling, no behaviour."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InviteeDetails:
    """What an invitee typed, already cleaned. time_zone is an IANA name, language a code of settings.LANGUAGES."""

    name: str
    email: str
    time_zone: str
    language: str = "en"
    notes: str = ""


@dataclass(frozen=True)
class Reason:
    """Why a time is not offered: the rule's key, a sentence, and where its owner changes it."""

    rule: str
    sentence: str
    url: str = ""
