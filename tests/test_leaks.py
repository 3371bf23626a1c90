"""The guard against secrets in pages and logs, seen catching one of each."""

import pytest
from django.http import HttpRequest, HttpResponse

from tests import leaks


@pytest.mark.row("CR-16")
def test_a_secret_in_a_page_fails_the_suite():
    careless = leaks.NoSecretInPages(lambda request: HttpResponse("Your token: access-secret"))
    with pytest.raises(AssertionError, match="A secret stands in"):
        careless(HttpRequest())


@pytest.mark.row("CR-16")
def test_a_secret_in_a_header_fails_the_suite():
    careless = leaks.NoSecretInPages(lambda request: HttpResponse(headers={"Location": "/?token=refresh-secret"}))
    with pytest.raises(AssertionError, match="A secret stands in"):
        careless(HttpRequest())


@pytest.mark.row("CR-16")
def test_every_token_that_zoom_gives_out_is_known(zoom, connect_zoom, olga):
    token = connect_zoom(olga).grant.access_token
    with pytest.raises(AssertionError):
        leaks.assert_none_in(f"Bearer {token}", "the log")
