"""A small API of the real class, with routes that wait, fail and write when a test says so."""

import threading
from typing import Any

from django.urls import include, path
from ninja import Schema, Status

from scheduling.api import door
from scheduling.api.authentication import ApiRequest, needs
from scheduling.api.document import Api


class Note(Schema):
    text: str


class Noted(Schema):
    text: str
    count: int


class Trial:
    """What the route does: how often it ran, with which submission keys; `gate` holds it back, `fails` breaks it."""

    def __init__(self) -> None:
        self.runs = 0
        self.keys: list[Any] = []
        self.gate = threading.Event()
        self.gate.set()
        self.fails: list[Exception] = []


trial = Trial()
api = Api("trial")


@api.post("/notes", response={201: Noted}, auth=needs(None))
def note(request: ApiRequest, body: Note) -> Any:
    trial.runs += 1
    trial.keys.append(request.submission_key)
    trial.gate.wait(10)
    if trial.fails:
        raise trial.fails.pop()
    return Status(201, Noted(text=body.text, count=trial.runs))


urlpatterns = [*door.mounted("trial", api), path("", include("bridge.urls"))]
