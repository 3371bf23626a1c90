"""The try-out's mailbox: every mail Bridge sent, to be read in the browser. Not there in production (urls.py)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.http import VisitorRequest
from accounts.models import Email


@login_not_required
@require_GET
def mailbox(request: VisitorRequest) -> HttpResponse:
    return render(request, "accounts/mailbox/page.html", {"emails": Email.objects.all()[:100]})


@login_not_required
@require_GET
def mailbox_email(request: VisitorRequest, pk: int) -> HttpResponse:
    email = get_object_or_404(Email.objects.prefetch_related("attachments"), pk=pk)
    return render(request, "accounts/mailbox/email.html", {"email": email})


@login_not_required
@require_GET
def mailbox_html(request: VisitorRequest, pk: int) -> HttpResponse:
    """The mail's own HTML, alone and powerless, for the frame of the page above. Links open beside it."""
    email = get_object_or_404(Email, pk=pk)
    response = HttpResponse(email.html.replace("<head>", '<head><base target="_blank">', 1))
    response._csp_replace = {  # type: ignore[attr-defined]
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@login_not_required
@require_GET
def mailbox_attachment(request: VisitorRequest, pk: int, name: str) -> HttpResponse:
    email = get_object_or_404(Email, pk=pk)
    attachment = get_object_or_404(email.attachments.all(), name=name)
    headers = {"Content-Disposition": f'attachment; filename="{attachment.name}"'}
    return HttpResponse(attachment.content, content_type=attachment.content_type, headers=headers)
