"""`Idempotency-Key`: a POST that is sent again with the same key is done once, and answered twice.

It holds for every POST by itself (document.py); routes only pass `request.submission_key` on to the row they make.
"""

import hashlib
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import encryption
from scheduling.api.authentication import ApiRequest
from scheduling.api.problems import MEDIA_TYPE, FieldProblem, Problem
from scheduling.models import AskedBefore

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=60)
"""Who works on a request for longer is thought dead."""
WAIT = 2
"""Seconds, for whoever asks again before the first is answered."""

PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": (
        "Send a new random value with each new request, and the same again if no answer came: it is done once. "
        "For 24 hours the answer, a refusal too, is remembered and given again with `Idempotency-Replayed: true`; "
        "only 429 and 5xx are not."
    ),
    "example": "5f0c2b1e-6f0e-4c57-9a8b-2d9a8c0c6c11",
}

_SUBMISSIONS = uuid.UUID("0b8c1b0e-52a7-4c7e-9a43-6f1f5f0a7d26")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def once(route: Callable[..., Any]) -> Callable[..., Any]:
    """Runs `route` for the first to ask, when he is known and his request is valid; the others are told what he was."""

    @wraps(route)
    def asked(request: ApiRequest, **values: Any) -> Any:
        request.submission_key = None
        if request.method != "POST" or HEADER not in request.headers:
            return route(request, **values)
        row = _claim(request, _key(request))
        if row.status is not None:
            return _again(row)
        request.asked, request.submission_key = row, _submission(row)
        return route(request, **values)

    return asked


def kept(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Remembers what came out of a route that is done `once`, refusals too."""

    @wraps(run)
    def answered(request: HttpRequest, **values: Any) -> HttpResponse:
        response = run(request, **values)
        if row := getattr(request, "asked", None):
            _keep(row, response)
        return response

    return answered


def forget() -> None:
    AskedBefore.objects.filter(created_at__lt=now() - KEPT).delete()


def _key(request: HttpRequest) -> str:
    key = request.headers[HEADER]
    if not _KEY.fullmatch(key):
        message = _("1 to 255 visible ASCII characters, please.")
        raise Problem("invalid", errors=[FieldProblem(where=f"header.{HEADER}", message=message)])
    return key


def _claim(request: ApiRequest, key: str) -> AskedBefore:
    """The row, which is ours to work on if it holds no answer yet. Committed before the route begins."""
    print_, moment = _fingerprint(request), now()
    row, is_new = AskedBefore.objects.get_or_create(
        caller=request.auth.name, key_hash=_hash(key), defaults={"fingerprint": print_, "claimed_at": moment}
    )
    if is_new:
        return row
    if row.created_at < moment - KEPT:
        return _take(row, fingerprint=print_, claimed_at=moment, created_at=moment, status=None, body="")
    if row.fingerprint != print_:
        raise Problem("key_reused")
    if row.status is None and row.claimed_at > moment - LEASE:
        raise _in_progress()
    return row if row.status is not None else _take(row, claimed_at=moment)


def _take(row: AskedBefore, **fields: Any) -> AskedBefore:
    """From whoever died over it, or from yesterday; only one of several gets it."""
    if not AskedBefore.objects.filter(pk=row.pk, claimed_at=row.claimed_at, status=row.status).update(**fields):
        raise _in_progress()
    row.refresh_from_db()
    return row


def _in_progress() -> Problem:
    return Problem("in_progress", headers={"Retry-After": str(WAIT)})


def _keep(row: AskedBefore, response: HttpResponse) -> None:
    """What may go better next time is not kept, but what it has written is found again by its submission key."""
    mine = AskedBefore.objects.filter(pk=row.pk, claimed_at=row.claimed_at, status=None)
    if response.status_code >= 500 or response.status_code == 429:
        mine.update(claimed_at=row.claimed_at - LEASE)
    else:
        sealed = encryption.encrypt(response.content.decode(), owner=_owner(row))
        mine.update(status=response.status_code, body=sealed)


def _again(row: AskedBefore) -> HttpResponse:
    assert row.status is not None
    content_type = MEDIA_TYPE if row.status >= 400 else "application/json; charset=utf-8"
    body = encryption.decrypt(row.body, owner=_owner(row))
    return HttpResponse(body, status=row.status, content_type=content_type, headers={REPLAYED: "true"})


def _submission(row: AskedBefore) -> uuid.UUID:
    """The same for all tries of one day; the same key means something new later."""
    return uuid.uuid5(_SUBMISSIONS, f"{row.caller} {row.key_hash} {row.created_at.isoformat()}")


def _fingerprint(request: HttpRequest) -> str:
    return _hash(f"{request.method} {request.get_full_path()} {hashlib.sha256(request.body).hexdigest()}")


def _owner(row: AskedBefore) -> str:
    return f"asked:{row.pk}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
