"""What developers of other programs read. All of it is read from the code that it describes."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.scopes import FOR_PEOPLE, Scope
from bridge import reference as references
from scheduling.announcements import NEEDS
from scheduling.api.problems import CATALOGUE, FieldProblem, Problem, answer
from scheduling.models import EventType


@dataclass(frozen=True)
class Told:
    """A type of webhook, and the scope without which an application is not told."""

    value: str
    label: str
    scope: Scope | None


@login_not_required
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    context = {"base_url": settings.BASE_URL, "scopes": FOR_PEOPLE, "own_scope": Scope.WEBHOOKS}
    return render(request, "developers/guide.html", context)


@login_not_required
@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    found = references.read(get_language(), settings.BASE_URL)
    return render(request, "developers/reference.html", {"reference": found, "base_url": settings.BASE_URL})


@login_not_required
@require_GET
def webhooks(request: HttpRequest) -> HttpResponse:
    types = [Told(kind.value, str(kind.label), NEEDS.get(kind.split(".")[0])) for kind in EventType]
    return render(request, "developers/webhooks.html", {"types": types})


@login_not_required
@require_GET
def errors(request: HttpRequest) -> HttpResponse:
    """Where the `type` of every problem leads."""
    return render(request, "developers/errors.html", {"catalogue": CATALOGUE, "sample": _sample()})


def _sample() -> str:
    """A problem as the API answers it."""
    where = FieldProblem(where="body.start", message="Input should have timezone info")
    found: Any = answer(Problem("invalid", errors=[where]))
    return references.pretty(json.loads(found.content))
