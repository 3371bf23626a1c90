import re

import pytest

from integrations import registry
from integrations.types import AppKind

SECTIONS = ["before", "connect", "access", "reauthorize", "disconnect", "uninstall"]


@pytest.fixture
def help_page(client):
    answer = client.get("/help/zoom")
    assert answer.status_code == 200
    return answer.content.decode()


def _words(page, section):
    html = page.split(f'<section id="{section}">')[1].split("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.row("CB-16")
def test_one_page_covers_connecting_renewing_disconnecting_and_removal_at_zoom(help_page):
    assert re.findall(r'<section id="([a-z]+)">', help_page) == SECTIONS
    assert [href for href in re.findall(r'href="#([a-z]+)"', help_page) if href in SECTIONS] == SECTIONS
    for case in ("pre-approved", "approve-yourself", "ask-your-admin"):
        assert f'id="{case}"' in help_page


@pytest.mark.row("CB-14", "CR-14")
def test_the_way_out_at_zoom_is_told_step_by_step_as_an_alternative(help_page):
    words = _words(help_page, "uninstall")
    steps = [
        "Instead of disconnecting",
        "Marketplace",
        "Manage",
        "Installed apps",
        "or search",
        "Choose Bridge",
        "Uninstall",
    ]

    places = [words.index(step) for step in steps]
    assert places == sorted(places)
    assert "ends the access" in words


@pytest.mark.row("CR-6")
def test_a_paid_plan_is_named_before_the_start(help_page):
    assert "paid Zoom plan" in _words(help_page, "before")
    assert help_page.index("paid Zoom plan") < help_page.index("Add Zoom Account")


@pytest.mark.row("IN-18")
def test_the_page_names_exactly_the_access_that_is_asked_for(help_page):
    asked = {scope.name for scope in registry.oauth("zoom").scopes(AppKind.PERSONAL)}

    assert set(re.findall(r"<code>([^<]+)</code>", help_page)) == asked
    assert "limited access only" in _words(help_page, "access")


@pytest.mark.row("CB-7")
def test_there_is_a_message_for_the_zoom_admin_to_copy(help_page):
    message = re.search(r'data-copy="([^"]+)"', help_page)

    assert message
    assert "https://marketplace.zoom.us/" in message[1]
