"""What developers of other programs read."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from scheduling.api.problems import CATALOGUE


@login_not_required
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "developers/guide.html")


@login_not_required
@require_GET
def errors(request: HttpRequest) -> HttpResponse:
    """Where the `type` of every problem leads."""
    return render(request, "developers/errors.html", {"catalogue": CATALOGUE})
