from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations import calendar_pushes
from integrations.types import PushRequest

MOST_BYTES, MOST_ECHO = 256 * 1024, 4096


@csrf_exempt  # who sends it is known by the secret of the watch
@login_not_required
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Whatever is not for us is taken calmly, or it would come again and again."""
    if (pushes := calendar_pushes.listener(provider)) is None:
        raise Http404
    if _length(request) > MOST_BYTES or len(request.body) > MOST_BYTES:
        return HttpResponse(status=413)
    asked = PushRequest(request.headers, request.GET.dict(), request.body)
    proof = pushes.handshake(asked)
    if proof is not None:
        return HttpResponse(proof[:MOST_ECHO], content_type="text/plain; charset=utf-8")
    calendar_pushes.hear(provider, pushes.read(asked))
    return HttpResponse(status=202)


def _length(request: HttpRequest) -> int:
    """As announced, before anything of it is read."""
    announced = request.headers.get("Content-Length", "")
    return int(announced) if announced.isascii() and announced.isdigit() else 0
