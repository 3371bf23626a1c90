"""Every operation of the document, as everybody: who may not, is told so and nothing else."""

import json
import re
from datetime import timedelta

import pytest
from django.utils.timezone import now
from oauth2_provider.models import AccessToken

from accounts.models import User
from accounts.scopes import FOR_PEOPLE, Scope
from bridge import schema_words
from scheduling.api.authentication import needs
from scheduling.api.document import api
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.row("G-52")]

DOCUMENT = api.get_openapi_schema()
SCHEMAS = DOCUMENT["components"]["schemas"]
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
NOBODY = "00000000-0000-4000-8000-000000000000"


def scope_of(address):
    needed = OPERATIONS[address]["security"][0]["oauth2"]
    return Scope(needed[0]) if needed else None


def every(*addresses):
    return pytest.mark.parametrize("address", addresses)


ALL = every(*OPERATIONS)
FOR_A_PERSON = every(*(address for address in OPERATIONS if scope_of(address) != Scope.WEBHOOKS))
SCOPED = every(*(address for address in OPERATIONS if scope_of(address) not in {None, Scope.WEBHOOKS}))
WEBHOOKS = every(*(address for address in OPERATIONS if scope_of(address) == Scope.WEBHOOKS))
OF_ONE = every(*(address for address in OPERATIONS if "{" in address))


def ask(client, address, token="", uid=NOBODY):
    """As the examples of the document would ask."""
    method, path = address.split()
    operation = OPERATIONS[address]
    required = [one for one in operation["parameters"] if one["in"] == "query" and one["required"]]
    query = "&".join(f"{one['name']}={schema_words.example(one['schema'], SCHEMAS)}" for one in required)
    body = operation.get("requestBody", {"content": {}})["content"].get("application/json")
    return client.generic(
        method,
        re.sub(r"\{\w+\}", str(uid), path),
        data=json.dumps(schema_words.example(body["schema"], SCHEMAS)) if body else b"",
        content_type="application/json",
        query_string=query.replace("+", "%2B"),
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )


def outcome(answer):
    assert answer["Content-Type"] == "application/problem+json", answer.content
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def person_s(olga):
    """A token of an application that acts for Olga, with these scopes."""

    def token(scopes):
        return factories.access_token(factories.consent(factories.application(), olga, scopes=[*scopes]))

    return token


@pytest.fixture
def own():
    """A token of an application that acts for itself."""
    application = factories.application()
    expires = now() + timedelta(hours=1)
    AccessToken.objects.create(application=application, token="own-token", scope="webhooks", expires=expires)
    return "own-token"


@pytest.fixture
def of_mallory(mallory):
    """What belongs to another organization, by the noun in the address."""
    scheduler = factories.scheduler(mallory)
    booking = factories.booking(scheduler)
    factories.meeting(booking)
    application = factories.application(mallory)
    event = factories.application_event(mallory, application=application)
    subscription = factories.subscription(application)
    return {
        "schedulers": scheduler.uid,
        "bookings": booking.uid,
        "events": event.uid,
        "webhooks": subscription.uid,
    }


def test_every_route_names_a_scope_or_is_about_the_token_itself():
    routes = {
        (operation.methods[0], f"{router.prefix}{path}"): operation.auth_callbacks
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
    }

    assert [route for route, auth in routes.items() if [type(one) for one in auth] != [needs]] == []
    assert [route for route, (auth,) in routes.items() if auth.scope is None] == [("GET", "/me")]


@ALL
def test_without_a_token_nobody_gets_in(client, address):
    assert outcome(ask(client, address)) == (401, "unauthorized")


@ALL
def test_a_session_alone_opens_nothing(sign_in, olga, address):
    assert outcome(ask(sign_in(olga), address)) == (401, "unauthorized")


@SCOPED
def test_without_its_scope_it_is_refused_and_the_scope_named(client, address, person_s):
    answer = ask(client, address, person_s(set(FOR_PEOPLE) - {scope_of(address)}))

    assert outcome(answer) == (403, "missing_scope")
    assert f'scope="{scope_of(address).value}"' in answer["WWW-Authenticate"]


@SCOPED
def test_a_key_without_its_scope_is_refused(client, address, olga):
    key = factories.api_key(olga, scopes=[*(set(FOR_PEOPLE) - {scope_of(address)})])

    assert outcome(ask(client, address, key)) == (403, "missing_scope")


@FOR_A_PERSON
def test_who_lacks_the_second_factor_that_is_asked_for_is_refused(client, address, person_s, olga):
    olga.organization.requires_second_factor = True
    olga.organization.save()

    assert outcome(ask(client, address, person_s(FOR_PEOPLE))) == (403, "second_factor_required")


@FOR_A_PERSON
def test_somebody_who_was_switched_off_is_nobody(client, address, person_s, olga):
    token, key = person_s(FOR_PEOPLE), factories.api_key(olga)
    User.objects.filter(pk=olga.user_id).update(is_active=False)

    assert [outcome(ask(client, address, one)) for one in (token, key)] == [(401, "unauthorized")] * 2


@FOR_A_PERSON
def test_somebody_who_has_left_is_nobody(client, address, person_s, olga):
    token, key = person_s(FOR_PEOPLE), factories.api_key(olga)
    olga.delete()

    assert [outcome(ask(client, address, one)) for one in (token, key)] == [(401, "unauthorized")] * 2


@OF_ONE
def test_what_belongs_to_others_is_not_there(client, address, person_s, own, of_mallory):
    token = own if scope_of(address) == Scope.WEBHOOKS else person_s(FOR_PEOPLE)
    noun = address.split("/")[3]

    assert outcome(ask(client, address, token, of_mallory[noun])) == (404, "not_found")


@FOR_A_PERSON
def test_an_application_for_itself_has_no_business_with_people(client, address, own):
    code = "missing_scope" if scope_of(address) else "forbidden"

    assert outcome(ask(client, address, own)) == (403, code)


@WEBHOOKS
def test_webhooks_are_no_person_s_business(client, address, person_s, olga):
    token, key = person_s(Scope), factories.api_key(olga, scopes=[*Scope])

    assert [outcome(ask(client, address, one)) for one in (token, key)] == [(403, "missing_scope")] * 2
