"""The OpenAPI document: whole, stable, and true."""

import re

import pytest
from jsonschema import Draft202012Validator

from accounts.scopes import FOR_PEOPLE, Scope
from scheduling.api import openapi
from scheduling.api.document import api

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def document():
    return api.get_openapi_schema()


@pytest.fixture(scope="module")
def operations(document):
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


@pytest.mark.row("G-52")
def test_anybody_may_read_it(client):
    answer = client.get("/api/v1/openapi.json")

    assert answer.json()["openapi"] == "3.1.0"
    assert answer["Cache-Control"] == "public, max-age=300"
    assert client.delete("/api/v1/openapi.json").status_code == 405


def test_each_operation_has_a_name_that_hangs_on_its_address_alone(operations):
    names = {address: operation["operationId"] for address, operation in operations.items()}

    assert names["GET /api/v1/me"] == "get_me"
    assert names["GET /api/v1/schedulers/{id}/times"] == "get_schedulers_id_times"
    assert len(set(names.values())) == len(names)


def test_each_operation_says_what_it_does_and_belongs_to_a_described_noun(document, operations):
    described = {tag["name"] for tag in document["tags"]}

    assert [address for address, operation in operations.items() if not operation["summary"].strip()] == []
    assert {tag for operation in operations.values() for tag in operation["tags"]} == described
    assert described <= openapi.TAGS.keys()


def test_each_operation_names_the_scope_it_needs(document, operations):
    scheme = document["components"]["securitySchemes"]["oauth2"]["flows"]
    known = {*scheme["authorizationCode"]["scopes"], *scheme["clientCredentials"]["scopes"]}

    for address, operation in operations.items():
        needed = operation["security"][0]["oauth2"]
        assert set(needed) <= known, address
        assert bool(needed) == (address != "GET /api/v1/me"), address
        assert ({"key": []} in operation["security"]) == (needed != ["webhooks"]), address


def test_scopes_stand_there_with_the_sentence_that_people_read(document):
    flows = document["components"]["securitySchemes"]["oauth2"]["flows"]

    assert flows["authorizationCode"]["scopes"] == {scope.value: str(scope.label) for scope in FOR_PEOPLE}
    assert flows["clientCredentials"]["scopes"] == {"webhooks": str(Scope.WEBHOOKS.label)}
    assert flows["authorizationCode"]["authorizationUrl"] == "http://testserver/oauth/authorize"
    assert flows["authorizationCode"]["tokenUrl"] == "http://testserver/oauth/token"


def test_every_failure_is_problem_json_with_examples_of_its_codes(operations):
    for address, operation in operations.items():
        assert {400, 401, 403, 422, 429, 500} <= operation["responses"].keys(), address
        for status, answer in operation["responses"].items():
            if status >= 400:
                assert [*answer["content"]] == ["application/problem+json"], address
                assert answer["content"]["application/problem+json"]["examples"], address


def test_every_post_takes_a_key_and_may_be_in_the_works(operations):
    for address, operation in operations.items():
        keys = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "header"]
        assert keys == (["Idempotency-Key"] if address.startswith("POST") else []), address
        assert (409 in operation["responses"]) >= address.startswith("POST"), address


def test_every_answer_says_what_is_left(operations):
    for address, operation in operations.items():
        for answer in operation["responses"].values():
            assert {"RateLimit", "RateLimit-Policy"} <= answer["headers"].keys(), address


def test_what_it_refers_to_is_there(client):
    text = client.get("/api/v1/openapi.json").content.decode()
    document = client.get("/api/v1/openapi.json").json()

    for reference in set(re.findall(r'"#/([^"]+)"', text)):
        found = document
        for step in reference.split("/"):
            found = found[step]


def test_no_two_schemas_have_the_same_name(document):
    assert document.clashes & document["components"]["schemas"].keys() == set()


def test_its_schemas_are_schemas(document):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_field_is_described_or_obvious(document):
    """No field of ours that a reader could only guess at."""
    assert all(
        schema.get("description") or schema.get("properties") or "enum" in schema or "const" in schema
        for schema in document["components"]["schemas"].values()
    )
