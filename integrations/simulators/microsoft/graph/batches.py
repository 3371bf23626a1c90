"""$batch: up to twenty requests in one, answered in any order."""

import json
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.microsoft.errors import bad_request
from integrations.simulators.microsoft.graph import event_changes
from integrations.simulators.microsoft.graph.endpoints import Answer
from integrations.simulators.microsoft.world import World

MOST = 20


def answered(world: World, request: Request, each: Answer) -> Response:
    parts = event_changes.body_of(request).get("requests") or []
    if not parts or len(parts) > MOST:
        raise bad_request(f"The batch must hold between 1 and {MOST} requests.", "BadRequest")
    done: dict[str, dict[str, Any]] = {}
    for part in parts:
        done[part["id"]] = _answer(world, request, part, done, each)
    shuffled = list(done.values())
    world.chance.shuffle(shuffled)
    return answer(200, {"responses": shuffled})


def _answer(
    world: World, request: Request, part: dict[str, Any], done: dict[str, dict[str, Any]], each: Answer
) -> dict[str, Any]:
    if any(done.get(other, {"status": 424})["status"] >= 400 for other in part.get("dependsOn", [])):
        error = {"error": {"code": "FailedDependency", "message": "A request that this one depends on failed."}}
        return {"id": part["id"], "status": 424, "headers": {}, "body": error}
    response = each(world, _request(request, part))
    shown: dict[str, Any] = {"id": part["id"], "status": response.status, "headers": dict(response.headers)}
    if response.body:
        shown["body"] = json.loads(response.body)
    return shown


def _request(request: Request, part: dict[str, Any]) -> Request:
    """The part as if it had come by itself, with the token of the whole."""
    url = urlsplit(part["url"])
    headers = {name.lower(): value for name, value in part.get("headers", {}).items()}
    if part.get("body") is not None and "content-type" not in headers:
        raise bad_request("Content-Type is missing for a request with a body.", "BadRequest")
    return Request(
        method=part["method"].upper(),
        path="/v1.0/" + unquote(url.path).lstrip("/"),
        query=dict(parse_qsl(url.query, keep_blank_values=True)),
        headers={"authorization": request.headers.get("authorization", ""), "content-type": "", **headers},
        body=json.dumps(part["body"]).encode() if part.get("body") is not None else b"",
        mount=request.mount,
        base_url=request.base_url,
    )
