"""An application's webhooks, for whoever keeps the application: where they go, what was sent, and again."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import applications
from accounts.http import MemberRequest, posted
from accounts.models import Application
from scheduling import deliveries, endpoints, signing_keys, subscriptions
from scheduling.exceptions import NotChangeable
from scheduling.forms.webhooks import WebhookForm
from scheduling.models import Delivery, DeliveryState, Subscription

ON_A_PAGE = 25


def in_own_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Moments stand in the reader's own time zone."""

    @wraps(view)
    def shown(request: MemberRequest, **values: UUID) -> HttpResponse:
        with timezone.override(request.user.time_zone):
            return view(request, **values)

    return shown


@require_GET
@in_own_time
def page(request: MemberRequest, uid: UUID) -> HttpResponse:
    application = _application(request, uid)
    rows = [(row, endpoints.state(row)) for row in application.subscriptions.all()]
    context = {"application": application, "webhooks": rows, "is_full": len(rows) >= subscriptions.MOST}
    return render(request, "scheduling/webhooks/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: MemberRequest, uid: UUID) -> HttpResponse:
    """The answer to the form is the only page that ever shows the secret."""
    application = _application(request, uid)
    form = WebhookForm(posted(request))
    if not form.is_valid():
        return _form(request, application, form)
    key = form.cleaned_data["submission"]
    try:
        webhook, secret = subscriptions.subscribe(application, **form.chosen, by=request.user, key=key)
    except NotChangeable as refusal:
        messages.error(request, refusal.sentence)
        return redirect("webhooks", request.organization.slug, uid)
    return _show_secret(request, webhook, secret)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, uid: UUID, webhook: UUID) -> HttpResponse:
    found = _webhook(request, uid, webhook)
    form = WebhookForm(posted(request), webhook=found)
    if not form.is_valid():
        return _form(request, found.application, form)
    subscriptions.change(found, **form.chosen, by=request.user)
    messages.success(request, _("Saved. From now on messages go there."))
    return _back(request, found)


@require_GET
@in_own_time
def webhook(request: MemberRequest, uid: UUID, webhook: UUID) -> HttpResponse:
    found = _webhook(request, uid, webhook)
    shown = request.GET.get("state", "")
    shown = shown if shown in DeliveryState.values else ""
    rows = _log(found).filter(state=shown) if shown else _log(found)
    context = {
        "webhook": found,
        "state": endpoints.state(found),
        "former": signing_keys.former(found),
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "states": DeliveryState.choices,
        "shown": shown,
        "waiting": found.deliveries.filter(state=DeliveryState.WAITING).count(),
    }
    return render(request, "scheduling/webhooks/webhook.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def secret(request: MemberRequest, uid: UUID, webhook: UUID) -> HttpResponse:
    """Asks; the answer to the form is the only page that ever shows the new one."""
    found = _webhook(request, uid, webhook)
    if request.method != "POST":
        return render(request, "scheduling/webhooks/renew.html", {"webhook": found})
    return _show_secret(request, found, subscriptions.renew_secret(found, by=request.user), renewed=True)


@require_POST
def act(request: MemberRequest, uid: UUID, webhook: UUID, verb: str) -> HttpResponse:
    found = _webhook(request, uid, webhook)
    if verb not in ACTS:
        raise Http404
    try:
        messages.success(request, ACTS[verb](request, found))
    except NotChangeable as refusal:
        messages.error(request, refusal.sentence)
    return redirect("webhooks", request.organization.slug, uid) if found.pk is None else _back(request, found)


@require_GET
@in_own_time
def delivery(request: MemberRequest, uid: UUID, webhook: UUID, delivery: UUID) -> HttpResponse:
    found = get_object_or_404(_log(_webhook(request, uid, webhook)), uid=delivery)
    context = {"delivery": found, "webhook": found.subscription, "tries": found.tries.all(), "body": _body(found)}
    return render(request, "scheduling/webhooks/delivery.html", context)


@require_POST
def send_again(request: MemberRequest, uid: UUID, webhook: UUID, delivery: UUID) -> HttpResponse:
    found = get_object_or_404(_log(_webhook(request, uid, webhook)), uid=delivery)
    try:
        subscriptions.send_again(found)
        messages.success(request, _("It is on its way. Reload the page to see what the receiver answers."))
    except NotChangeable as refusal:
        messages.error(request, refusal.sentence)
    return redirect("webhook_delivery", request.organization.slug, uid, webhook, delivery)


def _test(request: MemberRequest, found: Subscription) -> str:
    subscriptions.send_test(found)
    return _("The test is on its way. Reload the page to see what the receiver answers.")


def _disable(request: MemberRequest, found: Subscription) -> str:
    subscriptions.disable(found, by=request.user)
    return _("Switched off. What happens meanwhile is kept for 30 days.")


def _enable(request: MemberRequest, found: Subscription) -> str:
    number = subscriptions.enable(found, by=request.user)
    missed = ngettext("%(number)s missed message is", "%(number)s missed messages are", number) % {"number": number}
    return _("Switched on; %(missed)s on the way.") % {"missed": missed}


def _end_former(request: MemberRequest, found: Subscription) -> str:
    subscriptions.end_former_secret(found, by=request.user)
    return _("The former secret signs no more.")


def _delete(request: MemberRequest, found: Subscription) -> str:
    subscriptions.delete(found, by=request.user)
    return _("Deleted. Nothing more is sent there.")


ACTS: dict[str, Callable[[MemberRequest, Subscription], str]] = {
    "test": _test,
    "disable": _disable,
    "enable": _enable,
    "end-former-secret": _end_former,
    "delete": _delete,
}


def _application(request: MemberRequest, uid: UUID) -> Application:
    return get_object_or_404(applications.manageable(request.membership), uid=uid)


def _webhook(request: MemberRequest, application: UUID, uid: UUID) -> Subscription:
    mine = applications.manageable(request.membership).filter(uid=application)
    rows = Subscription.objects.select_related("application__organization")
    return get_object_or_404(rows, uid=uid, application__in=mine)


def _log(found: Subscription) -> QuerySet[Delivery]:
    related = "message__consent__user", "message__consent__membership__organization", "subscription__application"
    return found.deliveries.select_related(*related)


def _body(found: Delivery) -> str:
    """Not shown any more than it would be sent."""
    return found.message.body if deliveries.is_allowed(found.message) else ""


def _form(request: MemberRequest, application: Application, form: WebhookForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "application": application, "webhook": form.webhook}
    return render(request, "scheduling/webhooks/form.html", context, status=status)


def _show_secret(request: MemberRequest, found: Subscription, text: str, *, renewed: bool = False) -> HttpResponse:
    context = {"webhook": found, "text": text, "renewed": renewed}
    return render(request, "scheduling/webhooks/secret.html", context)


def _back(request: MemberRequest, found: Subscription) -> HttpResponse:
    return redirect("webhook_one", request.organization.slug, found.application.uid, found.uid)
