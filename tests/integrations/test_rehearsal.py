"""Whoever is asked for consent by a simulated provider says yes without a browser; nobody speaks for a real person."""

import pytest

from integrations import rehearsal
from integrations.exceptions import RequestRejected
from integrations.models import Connection


def test_each_provider_that_people_sign_in_at_lets_itself_be_clicked_through(olga, zoom, google, microsoft):
    whom = {"zoom": "paula@acme.example", "google": "olga@harbour.example", "microsoft": "carla@contoso.example"}
    for provider, email in whom.items():
        connection = rehearsal.connect(olga, provider, email)
        assert (connection.grant.provider, connection.grant.email) == (provider, email)
        assert rehearsal.connect(olga, provider, email) == connection


def test_somebody_whom_it_does_not_know_is_not_connected(olga, google):
    with pytest.raises(RequestRejected, match="does not know"):
        rehearsal.connect(olga, "google", "nobody@harbour.example")

    assert not Connection.objects.exists()


@pytest.mark.parametrize("address", ["https://accounts.google.com", "https://127.0.0.1.evil.example"])
def test_it_does_not_go_to_a_real_one(olga, google, settings, address):
    settings.GOOGLE_OAUTH_URL = address

    assert not rehearsal.is_played("google")
    with pytest.raises(RuntimeError):
        rehearsal.connect(olga, "google", "olga@harbour.example")
