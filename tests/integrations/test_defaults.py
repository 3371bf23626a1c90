import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from integrations import defaults, grants, queries
from integrations.models import ConferencingPreference
from integrations.types import EndReason
from tests import factories

pytestmark = pytest.mark.django_db


def test_until_something_is_chosen_the_built_in_room_is_what_is_left(olga):
    default = defaults.default_of(olga)

    assert (default.place, default.connection, default.chosen) == ("builtin", None, False)


@pytest.mark.row("IN-3")
def test_make_default_makes_it_the_only_one(olga, sign_in):
    first, second = factories.connection(olga), factories.connection(olga)
    browser = sign_in(olga)

    for connection in (first, second):
        browser.post(reverse("make_default"), {"place": "zoom", "account": str(connection.uid)})

    assert ConferencingPreference.objects.get().connection == second
    page = browser.get(reverse("conferencing")).content.decode()
    assert page.count(">Default<") == 1


@pytest.mark.row("IN-3", "IN-8")
def test_the_built_in_room_can_be_made_default_again(olga, sign_in):
    defaults.make_default(olga, "zoom", factories.connection(olga))

    sign_in(olga).post(reverse("make_default"), {"place": "builtin"})

    assert defaults.default_of(olga) == defaults.Default("builtin", None, chosen=True)


def test_without_naming_an_account_the_first_that_works_becomes_default(olga):
    broken, working = factories.connection(olga), factories.connection(olga)
    grants.end(broken.grant, EndReason.REVOKED)

    defaults.make_default(olga, "zoom")

    assert defaults.default_of(olga).connection == working


def test_a_provider_without_an_account_cannot_be_default(olga, sign_in):
    with pytest.raises(defaults.NotConnected):
        defaults.make_default(olga, "zoom")

    page = sign_in(olga).post(reverse("make_default"), {"place": "zoom"}, follow=True).content.decode()
    assert "cannot be your default" in page


@pytest.mark.parametrize("account", ["nonsense", "00000000-0000-0000-0000-000000000000", "\x00"])
@pytest.mark.parametrize("place", ["zoom", "nowhere", "", "x" * 500])
def test_what_does_not_exist_cannot_be_default(olga, sign_in, place, account):
    factories.connection(olga)

    answer = sign_in(olga).post(reverse("make_default"), {"place": place, "account": account})

    assert answer.status_code == 302
    assert not ConferencingPreference.objects.exists()


def test_somebody_elses_account_cannot_be_default(olga, mallory, sign_in):
    his = factories.connection(mallory)

    sign_in(olga).post(reverse("make_default"), {"place": "zoom", "account": str(his.uid)})

    assert not ConferencingPreference.objects.exists()


def test_the_default_is_changed_by_post_only(olga, sign_in):
    assert sign_in(olga).get(reverse("make_default")).status_code == 405


def test_the_database_holds_one_default_a_person(olga):
    defaults.make_default(olga, "builtin")

    with pytest.raises(IntegrityError), transaction.atomic():
        ConferencingPreference.objects.create(membership=olga, place="builtin")


def test_the_database_knows_that_the_built_in_room_has_no_account(olga):
    with pytest.raises(IntegrityError), transaction.atomic():
        ConferencingPreference.objects.create(membership=olga, place="builtin", connection=factories.connection(olga))


@pytest.mark.row("CB-11")
def test_the_account_that_is_named_hosts_before_the_default(olga):
    default, named = factories.connection(olga), factories.connection(olga)
    defaults.make_default(olga, "zoom", default)

    assert queries.connection_for(olga, "zoom", named=named) == named
    assert queries.connection_for(olga, "zoom") == default


def test_a_broken_default_is_not_swapped_for_another_account(olga):
    default = factories.connection(olga)
    factories.connection(olga)
    defaults.make_default(olga, "zoom", default)
    grants.end(default.grant, EndReason.ENDED)

    assert queries.connection_for(olga, "zoom") == default
