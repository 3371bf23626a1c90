"""The audit log of an organization: read, narrowed, taken along, verified."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts import audit, audit_export
from accounts.forms.audit import AuditFilterForm
from accounts.http import MemberRequest
from accounts.models import Act, AuditEntry, Role
from accounts.roles import requires

A_PAGE = 50


@require_GET
@requires(Role.ADMIN)
def page(request: MemberRequest) -> HttpResponse:
    """Newest first; a further page begins below a number, so that it stays what it is while entries are added."""
    form = AuditFilterForm(request.GET, reader=request.user)
    entries = form.narrow(AuditEntry.objects.filter(organization=request.organization))
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 10:
        entries = entries.filter(number__lt=int(before))
    found = list(entries[: A_PAGE + 1])
    context = {"form": form, "entries": found[:A_PAGE], "before": before, "more": len(found) > A_PAGE}
    with timezone.override(request.user.time_zone):
        return render(request, "accounts/audit/page.html", context)


@require_GET
@requires(Role.ADMIN)
def table(request: MemberRequest) -> HttpResponse:
    """What the filters show, all pages of it."""
    form = AuditFilterForm(request.GET, reader=request.user)
    entries = form.narrow(AuditEntry.objects.filter(organization=request.organization))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    audit_export.write_table(response, entries.iterator(1000), reader=request.user)
    audit.note(request.organization, Act.LOG_EXPORTED, by=request.user, subject="CSV")
    return response


@require_GET
@requires(Role.ADMIN)
def chain(request: MemberRequest) -> StreamingHttpResponse:
    """All of it, to be verified elsewhere; the export is its last entry."""
    audit.note(request.organization, Act.LOG_EXPORTED, by=request.user, subject="JSON Lines")
    response = StreamingHttpResponse(audit_export.lines(request.organization), content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="audit-log.jsonl"'
    return response


@require_POST
@requires(Role.ADMIN)
def verify(request: MemberRequest) -> HttpResponse:
    found = audit.verify(request.organization, head=request.POST.get("head", "").strip().lower())
    if found.is_whole:
        text = ngettext("%(number)s entry, unbroken.", "%(number)s entries, unbroken.", found.entries)
        messages.success(request, text % {"number": found.entries})
    else:
        text = _("The log is broken at entry %(number)s: %(why)s.")
        messages.error(request, text % {"number": found.broken_at, "why": found.why})
    return redirect("audit_log", request.organization.slug)
