from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import MemberRequest
from scheduling import demo


@require_POST
def load(request: MemberRequest) -> HttpResponse:
    """Fills the organization of who asks. Only in the try-out (urls.py)."""
    demo.fill(request.membership)
    messages.success(request, _("The demo is loaded. Zoom connects within a few seconds, and links follow."))
    return redirect("schedulers", request.organization.slug)
