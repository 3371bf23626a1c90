"""Whom a token stands for."""

from typing import Any
from uuid import UUID

from ninja import Router, Schema

from scheduling.api.authentication import ApiRequest, member, needs
from scheduling.api.problems import documented

router = Router(tags=["Me"])


class Organization(Schema):
    id: str
    name: str


class Me(Schema):
    """`id` stands for the person in this organization, and nowhere else."""

    id: UUID
    name: str
    time_zone: str
    organization: Organization
    scopes: list[str]


@router.get("", response={200: Me, **documented()}, auth=needs(None), summary="Whom the token stands for")
def me(request: ApiRequest) -> Any:
    mine = member(request)
    here = Organization(id=mine.organization.slug, name=mine.organization.name)
    user, scopes = mine.user, sorted(request.auth.scopes)
    return Me(id=mine.uid, name=str(user), time_zone=user.time_zone, organization=here, scopes=scopes)
