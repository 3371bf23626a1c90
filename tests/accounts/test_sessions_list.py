"""Where somebody is signed in, and ending it from elsewhere."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from accounts.templatetags.browsers import browser
from tests import factories

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"


def signed_in(member: Membership, user_agent: str = CHROME) -> Client:
    """By the form, as only that is listed."""
    if not EmailAddress.objects.filter(user=member.user).exists():
        factories.address(member.user)
    client = Client(headers={"user-agent": user_agent})
    client.post("/account/login/", {"login": member.user.email, "password": "correct horse battery"})
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/profile").status_code == 200


def test_every_session_of_mine_is_listed_and_nobody_elses(olga, mina):
    here = signed_in(olga)
    signed_in(olga, IPHONE)
    signed_in(mina, "Opera of Mina OPR/9")

    page = here.get("/account/sessions/").content.decode()

    assert "Chrome on Windows" in page
    assert "Safari on iPhone" in page
    assert "Opera" not in page
    assert page.count("This one") == 1


def test_all_others_are_ended_at_once_and_mine_goes_on(olga, mina):
    here, lost, minas = signed_in(olga), signed_in(olga, IPHONE), signed_in(mina)

    answer = here.post("/account/sessions/", follow=True)

    assert "You are signed out everywhere else." in answer.content.decode()
    assert is_in(here)
    assert not is_in(lost)
    assert is_in(minas)


def _choice(page: str) -> str:
    """The value of the one button that ends another session."""
    found: list[str] = re.findall(r'name="session" value="([^"]+)"', page)
    (value,) = found
    return value


def test_one_of_them_is_ended_and_the_others_go_on(olga, mina):
    here, lost, minas = signed_in(olga), signed_in(olga, IPHONE), signed_in(mina)
    chosen = _choice(here.get("/account/sessions/").content.decode())
    kept = signed_in(olga)

    answer = here.post("/account/sessions/end", {"session": chosen}, follow=True)

    assert "You are signed out there." in answer.content.decode()
    assert not is_in(lost)
    assert [is_in(client) for client in (here, kept, minas)] == [True, True, True]


def test_ending_what_is_over_already_is_calm(olga):
    here, lost = signed_in(olga), signed_in(olga, IPHONE)
    chosen = _choice(here.get("/account/sessions/").content.decode())
    lost.post("/account/logout/")
    here.get("/account/sessions/")

    answer = here.post("/account/sessions/end", {"session": chosen}, follow=True)

    assert "that session was over already" in answer.content.decode()
    assert is_in(here)


@pytest.mark.parametrize("chosen", ["theirs", "own", "", "x", "9" * 40, "-1"])
def test_only_another_session_of_mine_is_ended(olga, mina, chosen):
    here, minas = signed_in(olga), signed_in(mina)
    known = {"theirs": minas.session.session_key, "own": here.session.session_key}
    if chosen in known:
        chosen = UserSession.objects.get(session_key=known[chosen]).pk

    assert here.post("/account/sessions/end", {"session": chosen}).status_code == 302

    assert is_in(here)
    assert is_in(minas)


def test_one_session_alone_offers_nothing_to_end(olga):
    page = signed_in(olga).get("/account/sessions/").content.decode()
    assert "Nowhere else." in page
    assert "Sign out everywhere else" not in page


def test_a_session_that_began_before_the_list_is_told_so(sign_in, olga):
    assert "before Bridge kept the list" in sign_in(olga).get("/account/sessions/").content.decode()


def test_a_new_password_ends_the_others(olga):
    here, lost = signed_in(olga), signed_in(olga, IPHONE)
    new = {"oldpassword": "correct horse battery", "password1": "a stable of staples"}

    here.post("/account/password/change/", new | {"password2": new["password1"]})

    assert not is_in(lost)


def test_each_session_costs_the_same(olga):
    """allauth looks whether each is still alive; nothing else grows."""

    def asked() -> int:
        with CaptureQueriesContext(database) as found:
            here.get("/account/sessions/")
        return len(found)

    here = signed_in(olga)
    here.get("/account/sessions/")
    one = asked()
    signed_in(olga, IPHONE)
    two = asked()
    signed_in(olga, IPHONE)
    assert asked() - two == two - one


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome on Windows"),
        (CHROME + " Edg/130.0", "Edge on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("curl/8.5", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_browsers_are_named_in_words_people_know(user_agent, name):
    assert browser(user_agent) == name
