from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from scheduling.models import Scheduler


@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    """As little as a Django page can do: one query, one template."""
    return render(request, "bench/floor.html", {"scheduler": Scheduler.objects.get(slug="bench-0")})
