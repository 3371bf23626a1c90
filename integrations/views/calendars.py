"""A member's calendars: which close times, which receives bookings, the one switch."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import MemberRequest, posted
from integrations import busy_rules, calendar_choices, calendar_panels, calendars, policies
from integrations.forms.calendars import RulesForm


@require_http_methods(["GET", "POST"])
def page(request: MemberRequest) -> HttpResponse:
    """What is ticked, and the rules, are one form: saved together."""
    form = RulesForm(posted(request), instance=calendars.settings_of(request.membership))
    if form.is_valid():
        calendar_choices.choose(
            request.membership,
            busy=_uids(request.POST.getlist("busy")),
            receiving=next(iter(_uids([request.POST.get("receiving", "")])), None),
        )
        calendar_choices.decide(request.membership, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("calendars")
    context = {
        "panel": calendar_panels.panel(request.membership),
        "form": form,
        "policy": policies.of(request.organization),
        "rules": busy_rules.TABLE,
    }
    return render(request, "integrations/calendars/page.html", context, status=422 if form.errors else 200)


@require_POST
def switch(request: MemberRequest) -> HttpResponse:
    """All of it, on or off."""
    on = request.POST.get("sync") == "on"
    calendar_choices.decide(request.membership, sync=on)
    text = _("Your calendars are read again.") if on else _("Your calendars are not read any more, and close no times.")
    messages.success(request, text)
    return redirect("calendars")


@require_POST
def sync_now(request: MemberRequest) -> HttpResponse:
    calendar_choices.sync_now(request.membership)
    messages.info(request, _("Your calendars are being read. This page shows how it went."))
    return redirect("calendars")


def _uids(texts: list[str]) -> set[UUID]:
    """What is no uid is nobody's."""
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found
