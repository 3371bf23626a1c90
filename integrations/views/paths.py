"""Where a person came from, if it is a page of ours."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000


def back(request: HttpRequest, default: str = "conferencing") -> str:
    """The path in ?next= or the form, else the page of that name. Another site's address is never followed."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    ours = wish.startswith("/") and url_has_allowed_host_and_scheme(wish, allowed_hosts=None) and wish.isprintable()
    return wish if ours and len(wish) <= LONGEST else reverse(default)
