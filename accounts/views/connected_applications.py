"""Applications with access to my account."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import consents
from accounts.http import MemberRequest


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    return render(request, "accounts/applications/connected.html", {"consents": consents.of(request.user)})


@require_POST
def end(request: MemberRequest, uid: UUID) -> HttpResponse:
    """One that is over already, or is not his, is answered alike."""
    found = consents.of(request.user).filter(uid=uid).first()
    if found is None:
        messages.info(request, _("Nothing was changed: it had no access any more."))
    else:
        consents.end(found, by=request.user)
        messages.success(request, _("%(name)s has no access any more.") % {"name": found.application})
    return redirect("connected_applications")
