"""What the API answers when it cannot do as asked (RFC 9457): the catalogue, and how each becomes an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    status: int
    title: str | Promise
    advice: str | Promise
    """What the caller does next."""


CATALOGUE = {
    "bad_request": Kind(400, _("The request cannot be read"), _("Send JSON as the reference describes it.")),
    "unauthorized": Kind(
        401,
        _("No valid token"),
        _("Refresh the access token. If that fails, the person has ended the access: ask for consent again."),
    ),
    "missing_scope": Kind(403, _("This was not allowed"), _("Ask the person for consent to the scope that is named.")),
    "second_factor_required": Kind(
        403, _("A second factor is missing"), _("The person has to set up a second factor in Bridge first.")
    ),
    "forbidden": Kind(403, _("Not for this person"), _("Somebody with another role has to allow the application.")),
    "not_found": Kind(404, _("Not found"), _("It does not exist, or belongs to others.")),
    "method_not_allowed": Kind(405, _("Not possible here"), _("See the reference for what this address can do.")),
    "conflict": Kind(409, _("It is not as you think any more"), _("Read it again, then decide.")),
    "time_taken": Kind(409, _("The time is taken"), _("Ask for free times again, and offer another.")),
    "in_progress": Kind(
        409, _("The same request is being worked on"), _("Wait as long as Retry-After says, then send it again.")
    ),
    "too_large": Kind(413, _("The request is too large"), _("Send at most 100 KB.")),
    "unsupported_media_type": Kind(
        415, _("Only JSON is read here"), _("Send it in UTF-8, with Content-Type: application/json.")
    ),
    "invalid": Kind(422, _("Something in it is not valid"), _("“errors” says where, and why.")),
    "not_offered": Kind(422, _("This time is not offered"), _("Ask for the scheduler’s times, and choose one.")),
    "key_reused": Kind(
        422, _("The Idempotency-Key was used for another request"), _("Make a new key for each new request.")
    ),
    "rate_limited": Kind(429, _("Too many requests"), _("Wait as long as Retry-After says.")),
    "server_error": Kind(
        500, _("Something went wrong here"), _("Send it again later, a POST with the same Idempotency-Key.")
    ),
    "calendar_silent": Kind(
        503, _("A calendar does not answer"), _("Nothing was changed. Send the same request again in a minute.")
    ),
}
"""By code, which stays; titles may be worded anew."""


class FieldProblem(Schema):
    """`where` is a path into the request: body.start, query.limit."""

    where: str = Field(examples=["body.start"])
    message: str


class ProblemBody(Schema):
    """RFC 9457. Decide by `code`; `detail` is for people."""

    type: str = Field(examples=["https://bridge.example.org/developers/errors#time_taken"])
    title: str
    status: int
    code: str = Field(examples=["time_taken"])
    detail: str = ""
    errors: list[FieldProblem] = []
    offers: list[datetime] = Field([], description="Other times to choose, near the one that is taken or not offered.")


class Problem(Exception):
    """Raised anywhere below a route; becomes the answer."""

    def __init__(
        self,
        code: str,
        detail: str | Promise = "",
        *,
        errors: list[FieldProblem] | None = None,
        offers: Sequence[datetime] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail
        self.errors, self.offers, self.headers = errors or [], [*offers], headers or {}


def answer(problem: Problem) -> HttpResponse:
    kind = CATALOGUE[problem.code]
    body = ProblemBody(
        type=f"{settings.BASE_URL}{reverse('developers_errors')}#{problem.code}",
        title=str(kind.title),
        status=kind.status,
        code=problem.code,
        detail=str(problem.detail or kind.advice),
        errors=problem.errors,
        offers=problem.offers,
    )
    return HttpResponse(
        body.model_dump_json(), status=kind.status, content_type=MEDIA_TYPE, headers=dict(problem.headers)
    )


def documented(*statuses: int) -> dict[int, Any]:
    """For a route's `response`: those every route can answer, and these."""
    return dict.fromkeys(sorted({400, 401, 403, 422, 429, *statuses}), ProblemBody)
