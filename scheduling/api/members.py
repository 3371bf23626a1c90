"""Who belongs to an organization."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from accounts import queries
from accounts.models import Membership, Role
from accounts.scopes import Scope
from scheduling.api.authentication import ApiRequest, member, needs
from scheduling.api.pages import Cursor, Limit, Page, page
from scheduling.api.problems import Problem, documented

router = Router(tags=["Members"])


class Member(Schema):
    """`id` is the same as in /me; it stands for the person in this organization, and nowhere else."""

    id: UUID
    name: str = Field(examples=["Mina Member"])
    email: str = Field(examples=["mina@example.org"])
    role: Role
    time_zone: str = Field(examples=["Europe/Berlin"])
    joined_at: datetime = Field(examples=["2027-03-01T09:00:00Z"])


@router.get(
    "/members",
    response={200: Page[Member], **documented()},
    auth=needs(Scope.MEMBERS_READ),
    summary="List the members of the organization",
)
def members(request: ApiRequest, limit: Limit, cursor: Cursor) -> Any:
    """For a person who is one of its admins; in the order in which they joined."""
    mine = member(request)
    if not mine.is_admin:
        raise Problem("forbidden", _("Only admins of the organization may see who belongs to it."))
    everybody = queries.members(mine.organization)
    return page(everybody, _shape, by="joined_at", limit=limit, cursor=cursor)


def _shape(found: Membership) -> Member:
    user = found.user
    return Member(
        id=found.uid,
        name=str(user),
        email=user.email,
        role=Role(found.role),
        time_zone=user.time_zone,
        joined_at=found.joined_at,
    )
