from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import sessions
from accounts.forms.sessions import SessionForm
from accounts.http import MemberRequest


@require_POST
def end(request: MemberRequest) -> HttpResponse:
    """One that is over already, or is not his, is answered alike."""
    form = SessionForm(request.POST, among=sessions.others(request.user, here=request.session.session_key))
    if form.is_valid():
        sessions.end(form.cleaned_data["session"])
        messages.success(request, _("You are signed out there."))
    else:
        messages.info(request, _("Nothing was changed: that session was over already."))
    return redirect("usersessions_list")
