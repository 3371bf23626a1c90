"""A member's feed: his page about it, and the file that calendars fetch."""

import hashlib
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import MemberRequest, posted
from scheduling import feeds, published
from scheduling.forms.feeds import FeedForm


@require_http_methods(["GET", "POST"])
@never_cache
def page(request: MemberRequest) -> HttpResponse:
    feed = feeds.of(request.membership)
    form = FeedForm(posted(request), feed=feed)
    if form.is_valid():
        feeds.keep(request.membership, **form.chosen)
        messages.success(request, _("Saved.") if feed else _("The address is made. Give it to your calendar."))
        return redirect("feed")
    address = feeds.address(feed) if feed else ""
    context = {"feed": feed, "form": form, "address": address, "program": "webcal:" + address.partition(":")[2]}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "scheduling/feeds/page.html", context, status=status)


@require_POST
def renew(request: MemberRequest) -> HttpResponse:
    if feed := feeds.of(request.membership):
        feeds.renew(feed)
        messages.success(request, _("This is the new address. The old one shows nothing any more."))
    return redirect("feed")


@require_POST
def end(request: MemberRequest) -> HttpResponse:
    if feed := feeds.of(request.membership):
        feeds.end(feed)
        messages.success(request, _("The address shows nothing any more."))
    return redirect("feed")


@login_not_required
@require_safe
def file(request: HttpRequest, secret: str) -> HttpResponseBase:
    """For whoever has the secret; answered shortly where nothing has changed."""
    feed = feeds.find(secret)
    if feed is None:
        return HttpResponseNotFound(_("There is no calendar at this address (any more)."), content_type="text/plain")
    feeds.note_read(feed)
    response = _file(published.calendar(feed))
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _file(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; method=PUBLISH; charset=utf-8")
    response["ETag"] = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    response["Content-Disposition"] = 'inline; filename="bookings.ics"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    patch_cache_control(response, private=True, no_cache=True)
    return response
