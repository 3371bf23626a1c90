"""What the stories of the API share."""

import json

import pytest
from django.test import Client

from tests import factories


class Caller:
    """An application that acts for a member: it sends and reads JSON."""

    def __init__(self, member, scopes=None):
        given = {"scopes": scopes} if scopes is not None else {}
        token = factories.access_token(factories.consent(factories.application(member), member, **given))
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path, **query):
        return Client().get(f"/api/v1{path}", query, headers=self.headers)

    def patch(self, path, body):
        return Client().patch(f"/api/v1{path}", json.dumps(body), "application/json", headers=self.headers)

    def delete(self, path):
        return Client().delete(f"/api/v1{path}", headers=self.headers)

    def post(self, path, body=None, **headers):
        sent = json.dumps(body or {})
        return Client().post(f"/api/v1{path}", sent, "application/json", headers=self.headers | headers)


@pytest.fixture
def calling():
    """calling(member, scopes): an application that he lets act for him."""
    return Caller


@pytest.fixture
def app(olga):
    """Acts for Olga, with everything that one can consent to."""
    return Caller(olga)
