"""One's own API keys: what there are, a new one, which is shown once, and the end of one."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import api_keys
from accounts.confirmations import confirmed
from accounts.forms.api_keys import ApiKeyForm
from accounts.http import MemberRequest, posted


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    context = {"keys": api_keys.live(request.user), "ended": api_keys.ended(request.user)}
    return render(request, "accounts/api_keys/page.html", context)


@require_http_methods(["GET", "POST"])
@confirmed
@never_cache
def new(request: MemberRequest) -> HttpResponse:
    """The answer to the form is the only page that ever shows the key."""
    form = ApiKeyForm(posted(request), user=request.user, current=request.membership)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "accounts/api_keys/new.html", {"form": form}, status=status)
    try:
        key, text = api_keys.make(**form.cleaned_data)
    except api_keys.MadeBefore:
        messages.info(
            request, _("This key was made already; it is shown only once. Not copied? Revoke it, make another.")
        )
        return redirect("api_keys")
    except api_keys.Gone:
        messages.error(request, _("No key was made: you do not belong to that organization any more."))
        return redirect("api_keys")
    return render(request, "accounts/api_keys/made.html", {"key": key, "text": text})


@require_POST
def revoke(request: MemberRequest, uid: UUID) -> HttpResponse:
    found = get_object_or_404(api_keys.of(request.user), uid=uid)
    if api_keys.revoke(found, by=request.user):
        messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": found.name})
    else:
        messages.info(request, _("Nothing was changed: “%(name)s” had ended before.") % {"name": found.name})
    return redirect("api_keys")
