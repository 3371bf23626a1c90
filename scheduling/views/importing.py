"""Taking schedulers over: give a file, see what would be made, tick, done. The page carries the text along."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.http import MemberRequest
from scheduling import importing
from scheduling.forms.importing import ImportForm


@require_http_methods(["GET", "POST"])
def page(request: MemberRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = ImportForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "scheduling/schedulers/import.html", {"form": form}, status=status)
    if wanted := set(request.POST.getlist("take")):
        return _take_over(request, form, wanted)
    return _dry_run(request, form)


def _dry_run(request: MemberRequest, form: ImportForm) -> HttpResponse:
    planned = importing.plan(request.membership, form.export.entries)
    context = {
        "export": form.export,
        "typed": form.cleaned_data["typed"],
        "planned": planned,
        "some": any(one.can_be_made for one in planned),
        "none_ticked": "seen" in request.POST,
    }
    return render(request, "scheduling/schedulers/import_plan.html", context)


def _take_over(request: MemberRequest, form: ImportForm, wanted: set[str]) -> HttpResponse:
    made = importing.make(request.membership, form.export.entries, wanted=wanted)
    said = ngettext(
        "%(count)s scheduler was taken over. It is switched off: look at it first, then switch it on.",
        "%(count)s schedulers were taken over. They are switched off: look at them first, then switch them on.",
        len(made),
    )
    messages.success(request, said % {"count": len(made)})
    return redirect("schedulers", request.organization.slug)
