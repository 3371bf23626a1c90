"""Whatever is sent, the answer is a clean one: problem+json, no page of ours, no 500."""

import json
import logging

import pytest
import requests
from django.http import Http404

from scheduling.api.problems import CATALOGUE
from tests import factories
from tests.scheduling.api import trial as trials

pytestmark = [pytest.mark.django_db, pytest.mark.each_example]


@pytest.fixture
def trial(settings):
    settings.ROOT_URLCONF = trials.__name__
    trials.trial.__init__()
    return trials.trial


@pytest.fixture
def headers(olga):
    return {"Authorization": f"Bearer {factories.api_key(olga)}"}


@pytest.fixture
def send(client, trial, headers):
    def post(body, content_type="application/json"):
        body = json.dumps(body) if isinstance(body, dict | list) else body
        return client.generic("POST", "/trial/notes", body, content_type=content_type, headers=headers)

    return post


def is_problem(answer, code):
    found = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    assert (found["code"], found["status"]) == (code, answer.status_code)
    assert answer.status_code == CATALOGUE[code].status
    return True


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["", "/", "/nothing", "/me/", "/me/more", "/events/%00", "//me", "/events/1/2"])
def test_where_nothing_is_nothing_is_found_whatever_is_asked(client, method, path):
    assert is_problem(client.generic(method, f"/api/v1{path}"), "not_found")


def test_what_an_address_cannot_do_is_said_with_what_it_can(client):
    answer = client.delete("/api/v1/me")

    assert is_problem(answer, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_options_says_what_an_address_can_do_and_nothing_for_other_sites(client):
    answer = client.options("/api/v1/me", headers={"Origin": "https://elsewhere.example"})

    assert (answer.status_code, answer["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_head_is_get_without_its_body(client, headers):
    answer = client.head("/api/v1/me", headers=headers)

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"", "application/json; charset=utf-8")


def test_what_is_private_is_kept_by_nobody(client, headers):
    assert client.get("/api/v1/me", headers=headers)["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff\xfe",
        b'{"text": "\xed\xa0\x80"}',
        b'{"text": NaN}',
        b'{"text": ' + b"9" * 5000 + b"}",
        b"[" * 50_000,
        '{"text": "x"}'.encode("utf-16"),
    ],
    ids=["half", "empty", "bytes", "surrogate", "nan", "digits", "deep", "utf-16"],
)
def test_what_is_no_json_is_refused(send, body):
    answer = send(body)

    assert is_problem(answer, "invalid" if not body else "bad_request")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"text": "a\x00b"}, "body.text"),
        ({"text": "\ud800"}, "body.text"),
        ({"text": "x", "more": [{"deep": 2**63}]}, "body.more.0.deep"),
        (b'{"text": "x", "more": 1e400}', "body.more"),
        ({"text": "x", "a\x00": 1}, "body"),
        ({"text": 5}, "body.text"),
        ({}, "body.text"),
        ([], "body"),
        (b'"text"', "body"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_the_place_is_named(send, body, where):
    answer = send(body)

    assert is_problem(answer, "invalid")
    assert [mistake["where"] for mistake in answer.json()["errors"]] == [where]


def test_letters_beyond_the_first_plane_are_text_like_others(send):
    assert send(b'{"text": "\\ud83d\\ude00"}').json()["text"] == "😀"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/json; charset=latin-1"],
)
def test_only_json_in_utf_8_is_read(send, content_type):
    assert is_problem(send({"text": "x"}, content_type), "unsupported_media_type")


def test_a_form_without_a_body_is_none_either(client, headers):
    answer = client.generic("POST", "/api/v1/bookings", headers=headers, CONTENT_TYPE="multipart/form-data")

    assert is_problem(answer, "unsupported_media_type")


def test_a_body_may_have_100_kb_and_no_more(send):
    around = len(json.dumps({"text": ""}))

    assert send({"text": "x" * (100_000 - around)}).status_code == 201
    assert is_problem(send({"text": "x" * (100_001 - around)}), "too_large")


@pytest.mark.parametrize("query", ["cursor=%00", "%00=1", "limit=999999999999999999999999", "cursor=%ED%A0%80"])
def test_a_query_that_cannot_be_kept_is_refused(client, headers, query):
    assert is_problem(client.get(f"/api/v1/schedulers?{query}", headers=headers), "invalid")


@pytest.mark.parametrize("error", [OverflowError("Python int too large"), RuntimeError("the insides"), Http404("gone")])
def test_nothing_of_our_insides_gets_out(send, trial, error, caplog):
    trial.fails = [error]
    answer = send({"text": "x"})
    code = {OverflowError: "invalid", RuntimeError: "server_error", Http404: "not_found"}[type(error)]

    assert is_problem(answer, code)
    assert str(error) not in answer.content.decode()
    logged = [record.levelno for record in caplog.records if record.name == "bridge.api"]
    assert logged == {"server_error": [logging.ERROR], "invalid": [logging.WARNING]}.get(code, [])


@pytest.mark.django_db(transaction=True)
def test_a_large_body_is_refused_over_the_wire_too(live_server, headers):
    answer = requests.post(f"{live_server.url}/api/v1/bookings", data=b" " * 2_000_000, headers=headers, timeout=30)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
