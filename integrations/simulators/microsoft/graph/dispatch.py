"""From a request to its endpoint; subscriptions and batches are answered outside the lock."""

import re
import uuid

from integrations.simulators.http import Request, Response
from integrations.simulators.microsoft.errors import Refused, bad_request
from integrations.simulators.microsoft.graph import access, batches, endpoints, subscriptions
from integrations.simulators.microsoft.world import World


def answered(world: World, request: Request) -> Response:
    try:
        response = _answered(world, request)
    except Refused as refused:
        response = refused.response()
    response.headers.append(("request-id", str(uuid.uuid4())))
    if "client-request-id" in request.headers:
        response.headers.append(("client-request-id", request.headers["client-request-id"]))
    return response


def _answered(world: World, request: Request) -> Response:
    """Raises Refused."""
    path = request.path.removeprefix("/v1.0")
    if path == "/$batch" and request.method == "POST":
        with world.lock:
            access.identify(world, request)
        return batches.answered(world, request, answered)
    if path == "/subscriptions" and request.method == "POST":
        return subscriptions.create(world, request)
    with world.lock:
        return _looked_up(world, request, path)


def _looked_up(world: World, request: Request, path: str) -> Response:
    caller = access.identify(world, request)
    for endpoint in (*subscriptions.ENDPOINTS, *endpoints.ENDPOINTS):
        found = re.fullmatch(endpoint.path, path)
        if found and endpoint.method == request.method:
            known = {name: value for name, value in found.groupdict().items() if value is not None}
            return endpoint.view(world, request.with_arguments(known), caller)
    raise bad_request(f"Resource not found for the segment '{path}'.", "BadRequest")
