"""What developers of other programs read. All of it is read from the code that it describes."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_GET
from oauth2_provider.settings import oauth2_settings

from accounts.scopes import FOR_PEOPLE, Scope
from bridge import reference as references
from bridge import snippets, webhook_samples
from integrations.hosted_results import Result
from scheduling import couriers, deliveries, durations, endpoints, signing_keys, subscriptions
from scheduling.announcements import NEEDS
from scheduling.api import door, idempotency, pages
from scheduling.api.problems import CATALOGUE, FieldProblem, Problem, answer
from scheduling.models import EventType

GUIDE = (Scope.CONFERENCING_READ, Scope.EVENTS_READ, Scope.EVENTS_WRITE, Scope.WEBHOOKS)
"""What its examples need."""


@dataclass(frozen=True)
class Told:
    """A type of webhook, and the scope without which an application is not told."""

    value: str
    label: str
    scope: Scope | None


@login_not_required
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    context = {
        "base_url": settings.BASE_URL,
        "metadata_url": settings.BASE_URL + reverse("oauth_metadata"),
        "examples_in": snippets.chosen(request.GET.get("in", "")),
        "results": list(Result),
        "scopes": FOR_PEOPLE,
        "guide_scopes": GUIDE,
        "own_scope": Scope.WEBHOOKS,
        "access_minutes": oauth2_settings.ACCESS_TOKEN_EXPIRE_SECONDS // 60,
        "refresh_days": oauth2_settings.REFRESH_TOKEN_EXPIRE_SECONDS // 86_400,
    }
    return render(request, "developers/guide.html", context | _limits())


@login_not_required
@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    found = references.read(get_language(), settings.BASE_URL)
    return render(request, "developers/reference.html", {"reference": found, "base_url": settings.BASE_URL})


@login_not_required
@require_GET
def webhooks(request: HttpRequest) -> HttpResponse:
    types = [Told(kind.value, str(kind.label), NEEDS.get(kind.split(".")[0])) for kind in EventType]
    hour = timedelta(hours=1)
    context = {
        "types": types,
        "samples": webhook_samples.all_of_them(),
        "most": subscriptions.MOST,
        "seconds": couriers.LIMITS.seconds,
        "tries": len(deliveries.LADDER),
        "ladder": [_spelled(pause) for pause in deliveries.LADDER if pause],
        "hours": sum(deliveries.LADDER, timedelta()) // hour,
        "warned": endpoints.WARNED // hour,
        "disabled": endpoints.DISABLED.days,
        "kept": deliveries.KEPT.days,
        "overlap": signing_keys.OVERLAP // hour,
    }
    return render(request, "developers/webhooks.html", context)


@login_not_required
@require_GET
def errors(request: HttpRequest) -> HttpResponse:
    """Where the `type` of every problem leads."""
    return render(request, "developers/errors.html", {"catalogue": CATALOGUE, "sample": _sample()})


def _limits() -> dict[str, Any]:
    return {
        "requests": settings.API_REQUESTS_PER_MINUTE,
        "largest": door.LARGEST // 1000,
        "page_size": pages.MOST,
        "hours": idempotency.KEPT // timedelta(hours=1),
    }


def _sample() -> str:
    """A problem as the API answers it."""
    where = FieldProblem(where="body.start", message="Input should have timezone info")
    found: Any = answer(Problem("invalid", errors=[where]))
    return references.pretty(json.loads(found.content))


def _spelled(pause: timedelta) -> str:
    if pause >= timedelta(minutes=1):
        return durations.in_words(pause // timedelta(minutes=1))
    return ngettext("%(number)s second", "%(number)s seconds", pause.seconds) % {"number": pause.seconds}
