"""The frame around every page: the menu, the theme, what is shown when something is wrong."""

import pytest
from django.template.loader import render_to_string

PAGES_OF_THE_ACCOUNT = ["/account/profile", "/account/conferencing", "/account/password/change/"]


@pytest.mark.row("CR-4")
def test_your_account_at_the_foot_of_the_menu_leads_to_conferencing_services(mina, sign_in):
    page = sign_in(mina).get("/account/profile").content.decode()
    foot = page.split('<details class="account-menu"')[1].split("</details>")[0]

    assert mina.user.name in foot
    assert "Your account" in foot
    assert [href for href in PAGES_OF_THE_ACCOUNT if f'href="{href}"' in foot] == PAGES_OF_THE_ACCOUNT


def test_the_menu_says_where_one_is(mina, sign_in):
    page = sign_in(mina).get(f"/o/{mina.organization.slug}/bookings").content.decode()
    menu = page.split('<nav class="menu"')[1].split("</nav>")[0]

    assert menu.count("aria-current") == 1
    assert 'bookings" aria-current="page"' in menu


def test_a_page_that_belongs_to_no_organization_keeps_the_menu(mina, sign_in):
    client = sign_in(mina)
    client.get("/dashboard/", follow=True)
    assert f'href="/o/{mina.organization.slug}/schedules"' in client.get("/help/zoom").content.decode()


@pytest.mark.parametrize(
    ("cookie", "shown"),
    [("dark", ' data-theme="dark">'), ("light", ' data-theme="light">'), ('"><script>', '<html lang="en">')],
)
def test_the_theme_is_written_by_the_server_so_that_nothing_flashes(client, cookie, shown):
    client.cookies["theme"] = cookie
    page = client.get("/help/zoom").content.decode()

    assert shown in page.split("<head>")[0]


def test_a_missing_page_says_so_in_the_frame(client):
    answer = client.get("/no/such/page")

    assert answer.status_code == 404
    assert "This page does not exist" in answer.content.decode()


def test_the_page_for_our_own_faults_needs_neither_request_nor_database():
    assert "A booking that was confirmed stays confirmed" in render_to_string("500.html")


def test_no_page_of_the_frame_carries_inline_styles_or_scripts(client):
    for path in ("/", "/help/zoom", "/account/login/", "/account/signup/", "/account/password/reset/"):
        page = client.get(path).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
