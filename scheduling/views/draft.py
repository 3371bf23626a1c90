"""What an invitee has typed when he goes to choose another time: in a cookie of that page, for an hour."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

NAME, LIFE = "draft", timedelta(hours=1)


def keep(request: HttpRequest, answer: HttpResponse, fields: list[str]) -> HttpResponse:
    """Not in the address: that would be told to every log on the way."""
    typed = {name: request.POST.get(name, "") for name in fields}
    sealed = signing.dumps(typed, salt=NAME, compress=True)
    answer.set_cookie(
        NAME, sealed, max_age=LIFE, path=request.path, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
    return answer


def kept(request: HttpRequest) -> dict[str, str]:
    try:
        typed: dict[str, str] = signing.loads(request.COOKIES.get(NAME, ""), salt=NAME, max_age=LIFE)
    except signing.BadSignature:
        return {}
    return typed


def forget(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(NAME, path=request.path, samesite="Lax")
    return answer
