"""What developers of other programs read: complete, true, and without a dead end."""

import re
from urllib.parse import urldefrag, urljoin

import pytest

from bridge import schema_words
from scheduling.api.document import api
from scheduling.api.problems import CATALOGUE
from scheduling.models import EventType

PAGES = ["/developers", "/developers/reference", "/developers/webhooks", "/developers/errors"]

pytestmark = pytest.mark.django_db


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def operations():
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, described in methods.items():
            yield path, method.upper(), described


@pytest.mark.row("CR-17")
@pytest.mark.parametrize("path", PAGES)
def test_whoever_is_not_signed_in_reads_them_too(client, path):
    page = read(client, path)

    assert "For developers" in page
    assert re.findall(r'<script src="(?!/static/)', page) == []


@pytest.mark.row("CR-17")
def test_every_page_leads_there(client, sign_in, olga):
    assert 'href="/developers"' in read(client, "/")
    assert 'href="/developers"' in read(client, "/help/zoom")
    assert 'href="/developers"' in read(sign_in(olga), "/account/conferencing")


def test_each_link_leads_somewhere(client, sign_in, olga):
    pages = {path: read(client, path) for path in PAGES}
    known = {path: set(re.findall(r'\bid="([^"]+)"', page)) for path, page in pages.items()}
    member, followed = sign_in(olga), {}

    for path, page in pages.items():
        for link in set(re.findall(r'href="([^"]+)"', page)):
            where, anchor = urldefrag(urljoin(path, link))
            target = where.partition("?")[0]
            if target.startswith("/") and not target.startswith("/static/"):
                followed[target] = followed.get(target) or member.get(target, follow=True).status_code
                assert followed[target] == 200, link
                assert not anchor or anchor in known[target], link


def test_the_reference_shows_every_operation_with_its_fields(client):
    page = read(client, "/developers/reference")

    for path, method, described in operations():
        shown = page.split(f'id="{described["operationId"]}"')[1].split('<section class="operation"')[0]
        assert f"{method}</span> <code>{path}</code>" in shown
        assert [one["name"] for one in described["parameters"] if f"<code>{one['name']}</code>" not in shown] == []


def test_the_reference_shows_every_schema_with_its_fields(client):
    page = read(client, "/developers/reference")

    for name, schema in api.get_openapi_schema()["components"]["schemas"].items():
        shown = page.split(f'id="schema-{name}"')[1].split('<section class="noun"')[0]
        assert [key for key in schema.get("properties", {}) if f"<code>{key}</code>" not in shown] == [], name


def test_the_reference_says_where_this_installation_is(client, settings):
    settings.BASE_URL = "https://times.example.net"

    assert "curl -X GET https://times.example.net/api/v1/me" in read(client, "/developers/reference")


@pytest.mark.parametrize("code", CATALOGUE)
def test_an_error_leads_to_its_own_words(client, code):
    page = read(client, "/developers/errors")

    assert f'<section id="{code}"><h2><code>{code}</code></h2>' in page


def test_each_type_of_webhook_is_told(client):
    page = read(client, "/developers/webhooks")

    assert [kind.value for kind in EventType if f"<code>{kind.value}</code>" not in page] == []


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "format": "date-time"}, "date and time"),
        ({"anyOf": [{"$ref": "#/components/schemas/Event"}, {"type": "null"}]}, "Event or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Event"}}, "list of Event"),
        ({"allOf": [{"$ref": "#/components/schemas/Event"}]}, "Event"),
        ({"enum": ["default", "none"]}, "text"),
        ({}, "anything"),
    ],
)
def test_a_type_is_said_in_words(schema, words):
    assert " ".join(part.text for part in schema_words.parts(schema)) == words


def test_what_a_field_may_hold_is_said_in_words():
    schema = {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 100}, {"type": "null"}], "default": 50}

    assert list(schema_words.notes(schema)) == ["at least 1", "at most 100", "`50` unless told otherwise"]


def test_an_example_is_made_of_what_stands_in_it():
    known = {
        "Event": {"properties": {"id": {"type": "string", "format": "uuid"}, "title": {"examples": ["Interview"]}}}
    }

    made = schema_words.example({"type": "array", "items": {"$ref": "#/components/schemas/Event"}}, known)
    assert made == [{"id": schema_words.SAMPLES["uuid"], "title": "Interview"}]


def test_an_example_of_something_that_holds_itself_ends():
    known = {"Tree": {"properties": {"branch": {"$ref": "#/components/schemas/Tree"}}}}

    assert schema_words.example({"$ref": "#/components/schemas/Tree"}, known)["branch"]
