"""Back from a provider on the way that an application has sent somebody: on to the application, or a page with cause
and ways on.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations import hosted
from integrations.hosted_results import Result
from integrations.models import AuthorizationRequest, HostedRequest
from integrations.outcomes import Outcome
from integrations.providers.base import OAuthProvider


def away(address: str) -> HttpResponse:
    """To the application. Django's own redirect minds long addresses, and states may be long."""
    return HttpResponse(status=HTTPStatus.FOUND, headers={"Location": address})


def stopped(request: HttpRequest, asked: AuthorizationRequest) -> HttpResponse | None:
    """Nothing is connected for a request that has ended meanwhile, or is for another organization now."""
    sent = asked.hosted
    if sent is None:
        return None
    try:
        hosted.require_open(sent)
        hosted.require_way_back(sent)
    except (hosted.Answered, hosted.Gone) as ended_:
        return ended(request, sent, ended_)
    if sent.membership_id != asked.membership_id or hosted.barrier(sent):
        return render(request, "integrations/hosted/elsewhere.html", status=HTTPStatus.NOT_FOUND)
    return None


def connected(request: HttpRequest, sent: HostedRequest, provider: OAuthProvider) -> HttpResponse:
    try:
        return away(hosted.answer(sent, Result.CONNECTED, service=provider.key))
    except (hosted.Answered, hosted.Gone) as ended_:
        return ended(request, sent, ended_)


def failed(request: HttpRequest, sent: HostedRequest, provider: OAuthProvider, outcome: Outcome) -> HttpResponse:
    """He sees the cause once, and decides: again, another, or back with the result."""
    if not sent.is_open:
        return ended(request, sent, hosted.Answered())
    hosted.note(sent, outcome.result)
    context = {"sent": sent, "provider": provider, "outcome": outcome}
    return render(request, "integrations/hosted/failed.html", context, status=outcome.status)


def ended(request: HttpRequest, sent: HostedRequest, why: Exception) -> HttpResponse:
    """The request is over: he went back, an hour went by, or the application may not send anybody any more."""
    back = ""
    if not isinstance(why, hosted.Gone) and sent.answered_at:
        back = hosted.way_back(sent)
    context = {"sent": sent, "back": back, "gone": isinstance(why, hosted.Gone)}
    return render(request, "integrations/hosted/ended.html", context, status=HTTPStatus.GONE)
