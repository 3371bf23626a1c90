"""What programs ask our OAuth server: for tokens, about them, to end them, and what it can do."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST
from oauth2_provider.models import Grant
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors

from accounts import introspection, oauth_server
from accounts.scopes import Scope

_USUAL = {"Content-Type": "application/json", "Cache-Control": "no-store"}
METHODS = ["client_secret_basic", "client_secret_post"]


@csrf_exempt
@login_not_required
@sensitive_post_parameters()
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    if not _is_text(request):
        return _error(errors.InvalidRequestError())
    try:
        _, headers, body, status = get_oauthlib_core().create_token_response(request)
    except Grant.DoesNotExist:  # the code's other use was quicker
        oauth_server.end_what_it_gave(request.POST.get("code", ""))
        return _error(errors.InvalidGrantError())
    return HttpResponse(body, status=status, headers=_USUAL | headers)


@csrf_exempt
@login_not_required
@sensitive_post_parameters()
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """RFC 7009. A token of somebody else's is answered like one that nobody knows."""
    if not _is_text(request):
        return _error(errors.InvalidRequestError())
    _, headers, body, status = get_oauthlib_core().create_revocation_response(request)
    return HttpResponse(body or "", status=status, headers=headers)


@csrf_exempt
@login_not_required
@sensitive_post_parameters()
@require_POST
def introspect(request: HttpRequest) -> HttpResponse:
    """RFC 7662, for a program with a secret, about its own tokens."""
    core = get_oauthlib_core()
    asking: Any = Request(*core._extract_params(request))
    is_known = _is_text(request) and core.server.request_validator.authenticate_client(asking)
    if not is_known or not asking.client.is_confidential:
        return _error(errors.InvalidClientError())
    if not request.POST.get("token"):
        return _error(errors.InvalidRequestError(description="Missing token parameter."))
    said = introspection.about(request.POST["token"], asked_by=asking.client)
    return JsonResponse(said, headers={"Cache-Control": "no-store"})


@login_not_required
@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """RFC 8414: only what is on."""
    public_too = [*METHODS, "none"]
    said: dict[str, Any] = {
        "issuer": settings.BASE_URL,
        "authorization_endpoint": _at("oauth_authorize"),
        "token_endpoint": _at("oauth_token"),
        "revocation_endpoint": _at("oauth_revoke"),
        "introspection_endpoint": _at("oauth_introspect"),
        "scopes_supported": Scope.values,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": public_too,
        "revocation_endpoint_auth_methods_supported": public_too,
        "introspection_endpoint_auth_methods_supported": METHODS,
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": _at("developers"),
    }
    return JsonResponse(said, headers={"Access-Control-Allow-Origin": "*"})


def _at(name: str) -> str:
    return settings.BASE_URL + reverse(name)


def _is_text(request: HttpRequest) -> bool:
    """PostgreSQL knows no NUL."""
    return "\x00" not in "".join(value for values in request.POST.lists() for value in values[1])


def _error(error: errors.OAuth2Error) -> HttpResponse:
    return HttpResponse(json.dumps(dict(error.twotuples)), status=error.status_code, headers=_USUAL | error.headers)
