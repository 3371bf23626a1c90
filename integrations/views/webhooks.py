import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations import webhooks

MOST_BYTES = 256 * 1024


@csrf_exempt  # who sends it is known by his signature
@login_not_required
@require_POST
def receive(request: HttpRequest, provider: str, app: str) -> HttpResponse:
    """Signature first, then anything else. Whatever is not for us is taken calmly, or it would come again and again."""
    if len(request.body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        spoken, client = webhooks.listener(provider), webhooks.app_at(provider, app)
    except webhooks.NotListening as nobody:
        raise Http404 from nobody
    if not spoken.is_genuine(client, request.headers, request.body, now()):
        return HttpResponse(status=401)
    content = _content(request.body)
    if proof := spoken.proof(client, content):
        webhooks.note_proof(client)
        return JsonResponse(proof)
    webhooks.keep(client, app, spoken.event(content), request.body, spoken.reports(content))
    return HttpResponse(status=204)


def _content(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
