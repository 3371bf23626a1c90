"""When people of one organization are free, alone or together. Times only: never what is in the way."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.models import Membership
from accounts.scopes import Scope
from scheduling import common_times
from scheduling.api import times
from scheduling.api.authentication import ApiRequest, member, needs
from scheduling.api.problems import FieldProblem, Problem, documented
from scheduling.api.schedulers import From, TimeZone, Until

router = Router(tags=["Availability"], auth=needs(Scope.AVAILABILITY_READ))
MOST = 20

Members = Annotated[
    list[Annotated[str, Field(max_length=254)]],
    Query(
        [],
        alias="member",
        max_length=MOST,
        description="Ids or e-mail addresses of members, at most 20; the person himself by default.",
    ),
]


class Availability(Schema):
    """The starts that suit all of them, sorted, on the clock of the first.

    unknown: of these, a calendar cannot be read for all of the time that was asked about. What is not known counts as
    busy, so there may be more times than these.
    """

    members: list[UUID] = Field(
        examples=[["0c0e6a5e-3d54-4a0e-8f5a-7a3e1d0b9c11", "5b1f7c52-9b0e-4c3a-a6f5-2f4d8e6a1b22"]]
    )
    duration: int = Field(examples=[30], description="In minutes.")
    time_zone: str = Field(examples=["Europe/Berlin"])
    times: list[datetime] = Field(examples=[["2027-03-01T09:00:00+01:00", "2027-03-01T09:30:00+01:00"]])
    unknown: list[UUID] = Field(examples=[[]])


@router.get("", response={200: Availability, **documented()}, summary="Find times that work for all of several people")
def availability(
    request: ApiRequest,
    time_zone: TimeZone,
    since: From,
    until: Until,
    asked: Members,
    duration: Annotated[int, Query(30, ge=5, le=1440, description="In minutes.")],
    increment: Annotated[int, Query(30, ge=5, le=1440, description="A start every so many minutes.")],
) -> Any:
    mine, moment = member(request), now()
    window = times.window(since, until, now=moment)
    people = _people(mine, asked)
    found = common_times.of(
        people, start=window.start, end=window.end, now=moment, duration=duration, increment=increment
    )
    zone = ZoneInfo(time_zone or mine.user.time_zone)
    return Availability(
        members=[person.uid for person in people],
        duration=duration,
        time_zone=zone.key,
        times=[start.astimezone(zone) for start in found.starts],
        unknown=[person.uid for person in found.unknown],
    )


def _people(mine: Membership, asked: list[str]) -> list[Membership]:
    """In the order asked for, each once."""
    if not asked:
        return [mine]
    known = _by_name(mine, asked)
    missing = [FieldProblem(where="query.member", message=_nobody(name)) for name in asked if _plain(name) not in known]
    if missing:
        raise Problem("invalid", errors=missing)
    return list({known[_plain(name)].pk: known[_plain(name)] for name in asked}.values())


def _by_name(mine: Membership, asked: list[str]) -> dict[str, Membership]:
    """Colleagues by id and by address: of those asked for, and of nobody elsewhere."""
    here = Membership.objects.filter(organization=mine.organization_id, user__is_active=True).select_related("user")
    names = {_plain(name) for name in asked}
    named = here.annotate(address=Lower("user__email"))
    uids = [uid for name in names if (uid := _uid(name))]
    addresses = [name for name in names if name.isprintable() and not _uid(name)]
    found = named.filter(uid__in=uids) | named.filter(address__in=addresses)
    return {key: person for person in found for key in (str(person.uid), person.address)}


def _plain(name: str) -> str:
    uid = _uid(name)
    return str(uid) if uid else name.strip().lower()


def _uid(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def _nobody(name: str) -> str:
    return _("“%(name)s” is no member of the organization.") % {"name": name[:60]}
