"""Where somebody can meet."""

from typing import Any

from ninja import Router, Schema

from accounts.scopes import Scope
from scheduling.api.authentication import ApiRequest, member, needs
from scheduling.api.problems import documented
from scheduling.shapes import services as shapes
from scheduling.shapes.services import Service

router = Router(tags=["Conferencing"])


class Services(Schema):
    items: list[Service]


@router.get(
    "/services",
    response={200: Services, **documented()},
    auth=needs(Scope.CONFERENCING_READ),
    summary="List the services where the person can meet",
)
def services(request: ApiRequest) -> Any:
    """All that there are, connected or not; our own room last, which needs no account. Whose account it is at a service
    is never told.
    """
    return Services(items=shapes.services_of(member(request), request.auth.application))
