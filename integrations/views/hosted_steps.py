"""What all steps have in common that somebody goes whom an application has sent here."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.discreet import discreet
from accounts.http import VisitorRequest
from accounts.models import User
from integrations import hosted
from integrations.models import HostedRequest
from integrations.views import hosted_returns

View = Callable[..., HttpResponse]
"""Takes the request and the HostedRequest."""


def step(view: View) -> Callable[..., HttpResponse]:
    """A step of somebody's way, found by its uid in his own browser."""

    @wraps(view)
    @discreet
    def shown(request: VisitorRequest, /, uid: UUID, **kwargs: Any) -> HttpResponse:
        if "prefetch" in request.headers.get("Sec-Purpose", ""):  # nobody has pressed anything yet
            return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
        user = request.user if isinstance(request.user, User) else None
        try:
            sent = hosted.find(uid, session=request.session, user=user)
        except hosted.NotYours:
            return render(request, "integrations/hosted/elsewhere.html", status=HTTPStatus.NOT_FOUND)
        try:
            return view(request, sent, **kwargs)
        except (hosted.Answered, hosted.Gone) as ended:
            return hosted_returns.ended(request, sent, ended)

    return shown


def step_of_his(view: View) -> View:
    """Only for who has signed in, while the request is open and nothing stands against it."""

    @wraps(view)
    def taken(request: VisitorRequest, sent: HostedRequest, **kwargs: Any) -> HttpResponse:
        hosted.require_open(sent)
        if not isinstance(request.user, User):
            return redirect("hosted", sent.uid)
        hosted.claim(sent, request.user)
        return redirect("hosted", sent.uid) if hosted.barrier(sent) else view(request, sent, **kwargs)

    return taken
