import re

import pytest

from accounts import profiles
from accounts.models import Organization, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.row("CB-3")
def test_the_public_address_follows_the_custom_url_at_once(sign_in, olga, scheduler):
    client = sign_in(olga)
    client.post("/account/custom-url", {"custom_url": "harbour-office"})

    assert client.get("/harbour-office").status_code == 200
    assert client.get("/olga-berg").status_code == 404


@pytest.mark.parametrize(
    "wish",
    [
        "",
        "abcd",
        "x" * 26,
        "Olga-Berg",
        "olga berg",
        "ölga-berg",
        "olga/berg",
        "../../etc",
        "оlga-berg",
        "a\x00bcde",
        "x" * 10_000,
    ],
)
def test_what_is_no_custom_url_is_refused_with_a_sentence_and_kept(sign_in, olga, wish):
    answer = sign_in(olga).post("/account/custom-url", {"custom_url": wish})

    assert answer.status_code == 422
    assert "Use 5 to 25 characters" in answer.content.decode()
    assert User.objects.get(pk=olga.user_id).custom_url == "olga-berg"


@pytest.mark.parametrize("word", ["account", "dashboard", "static", "connect", "healthz", "simulators"])
def test_our_own_addresses_are_reserved(sign_in, olga, word):
    answer = sign_in(olga).post("/account/custom-url", {"custom_url": word})
    assert "used by Bridge itself" in answer.content.decode()


def test_somebody_elses_custom_url_cannot_be_taken(sign_in, olga, mallory):
    answer = sign_in(mallory).post("/account/custom-url", {"custom_url": "olga-berg"})

    assert answer.status_code == 422
    assert "belongs to somebody else" in answer.content.decode()


def test_the_live_check_says_whether_it_is_free(sign_in, olga, mallory):
    client = sign_in(olga)

    assert "free" in client.get("/account/custom-url/check", {"custom_url": "brand-new"}).content.decode()
    assert "somebody else" in client.get("/account/custom-url/check", {"custom_url": "mallory"}).content.decode()
    assert "free" in client.get("/account/custom-url/check", {"custom_url": "olga-berg"}).content.decode()


@pytest.mark.parametrize("wish", ["Ann", "ann@example.org", "Account", "Ünal Öz", "李小龍", "x" * 300, "-", ""])
def test_everybody_gets_a_custom_url_from_the_start(wish):
    custom_url = profiles.free_custom_url(wish)
    assert profiles.custom_url_problem(custom_url) == ""


def test_two_people_of_one_name_get_two_custom_urls():
    factories.user(custom_url=profiles.free_custom_url("Nora Fell"))
    assert profiles.free_custom_url("Nora Fell") != "nora-fell"


@pytest.mark.parametrize("path", ["/account/profile", "/o/harbour/availability/new"])
def test_zones_are_offered_where_one_is_named_but_not_their_older_names(sign_in, olga, path):
    Organization.objects.update(slug="harbour")
    page = sign_in(olga).get(path).content.decode()

    [offered] = re.findall('<datalist id="time-zones">(.*?)</datalist>', page)
    zones = re.findall('<option value="([^"]+)">', offered)
    assert {"Europe/Berlin", "Asia/Kathmandu", "UTC"} <= set(zones)
    assert "CET" not in zones
    assert profiles.known_zone("CET")


@pytest.mark.parametrize("zone", ["../../etc/passwd", "America", "europe/berlin", "x" * 10_000, "\x00", ""])
def test_an_unknown_zone_in_the_profile_is_refused_with_a_sentence(sign_in, olga, zone):
    answer = sign_in(olga).post("/account/profile", {"name": "Olga B", "time_zone": zone})

    assert answer.status_code == 422
    assert "Olga B" in answer.content.decode()
    assert User.objects.get(pk=olga.user_id).time_zone == "Europe/Berlin"
