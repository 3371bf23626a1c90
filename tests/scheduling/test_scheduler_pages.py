"""The schedulers overview, the form, the preview, and "Why not?"."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils.timezone import now

from scheduling import places, schedulers
from scheduling.forms.schedulers import SchedulerForm
from scheduling.models import Schedule, Scheduler
from tests import factories

FORM = {
    "name": "Intro call",
    "slug": "intro-call",
    "description": "",
    "durations": "30",
    "place": "",
    "place_detail": "",
    "buffer_before": "0",
    "buffer_after": "0",
    "minimum_notice": "240",
    "increment": "30",
    "window": "days",
    "window_days": "60",
    "window_first": "",
    "window_last": "",
}


@pytest.fixture
def dashboard(olga, sign_in):
    """Olga's dashboard, at the pages of her organization."""
    client = sign_in(olga)
    client.base = f"/o/{olga.organization.slug}"
    return client


@pytest.fixture
def typed(olga):
    return FORM | {"schedule": str(factories.schedule(olga).pk)}


@pytest.mark.row("CB-1")
def test_schedulers_are_one_click_away_in_the_menu(dashboard):
    home = dashboard.get("/dashboard/", follow=True)

    assert home.redirect_chain[-1][0] == f"{dashboard.base}/schedules"
    assert f'href="{dashboard.base}/schedules"' in dashboard.get(f"{dashboard.base}/availability").content.decode()


@pytest.mark.parametrize("page", ["schedules?panel=open", "availability", "bookings", "schedules/new"])
def test_headings_descend_one_step_at_a_time(dashboard, olga, page):
    factories.connection(olga)
    factories.scheduler(olga)

    levels = [
        int(level) for level in re.findall(r"<h([1-6])", dashboard.get(f"{dashboard.base}/{page}").content.decode())
    ]

    assert levels[0] == 1
    assert [(above, below) for above, below in pairwise(levels) if below > above + 1] == []


@pytest.mark.row("CB-2", "CB-3", "CB-9", "IN-1")
def test_the_panel_folds_and_holds_custom_url_accounts_and_the_way_to_conferencing(dashboard, olga):
    factories.connection(olga, grant=factories.grant(email="olga@zoom.example"))
    text = dashboard.get(f"{dashboard.base}/schedules").content.decode()

    assert '<details class="panel" id="integrations">' in text
    assert "Show" in text
    assert "Hide" in text
    assert 'name="custom_url"' in text
    assert 'value="olga-berg"' in text
    assert "olga@zoom.example" in text
    assert "Manage conferencing" in text


@pytest.mark.row("CB-4")
def test_add_zoom_account_is_a_link_to_the_start_of_the_authorization(dashboard):
    text = dashboard.get(f"{dashboard.base}/schedules").content.decode()

    assert f'href="/connect/zoom?next=%2Fo%2F{dashboard.base[3:]}%2Fschedules%3Fpanel%3Dopen"' in text
    assert "Add Zoom Account" in text
    assert 'type="password"' not in text


@pytest.mark.row("CB-10", "CB-13")
def test_each_account_has_its_own_row_and_its_own_way_out(dashboard, olga):
    accounts = [factories.connection(olga) for _ in range(2)]
    text = dashboard.get(f"{dashboard.base}/schedules").content.decode()

    for account in accounts:
        assert f'id="account-{account.uid}"' in text
        assert f"/account/conferencing/{account.uid}/disconnect?next=" in text


def test_a_card_says_where_one_meets_and_when_one_can(dashboard, olga, scheduler, settings):
    scheduler.connection = factories.connection(olga, grant=factories.grant(email="olga@zoom.example"))
    scheduler.place = "zoom"
    scheduler.durations = [15, 45]
    scheduler.save()
    text = dashboard.get(f"{dashboard.base}/schedules").content.decode()

    assert "Zoom · olga@zoom.example" in text
    assert "chosen for this scheduler" in text
    assert "15 min" in text
    assert "45 min" in text
    assert "Next free:" in text
    assert f'data-copy="{settings.BASE_URL}/olga-berg/intro"' in text


def test_a_card_says_when_its_account_is_gone(dashboard, olga, scheduler):
    Scheduler.objects.filter(pk=scheduler.pk).update(place="zoom")

    assert "No account is connected" in dashboard.get(f"{dashboard.base}/schedules").content.decode()


def test_three_cards_cost_as_many_queries_as_one(dashboard, olga, scheduler, django_assert_num_queries):
    dashboard.get(f"{dashboard.base}/schedules")
    with django_assert_num_queries(40, exact=False) as one:
        dashboard.get(f"{dashboard.base}/schedules")
    for _ in range(2):
        factories.scheduler(olga)
    with django_assert_num_queries(len(one)):
        dashboard.get(f"{dashboard.base}/schedules")


def test_somebody_elses_schedulers_are_not_there(dashboard, mina, mallory):
    for member in (mina, mallory):
        factories.scheduler(member, name=f"Of {member.user}", slug="theirs")
    text = dashboard.get(f"{dashboard.base}/schedules").content.decode()

    assert "Of Mina" not in text
    assert dashboard.get(f"{dashboard.base}/schedules/theirs").status_code == 404
    assert dashboard.post(f"{dashboard.base}/schedules/theirs/switch").status_code == 404
    assert dashboard.get(f"/o/{mallory.organization.slug}/schedules").status_code == 404


@pytest.mark.row("G-1", "G-2", "G-3", "G-4", "G-5")
def test_a_scheduler_is_made_as_it_was_typed(dashboard, olga, typed):
    typed |= {"durations": "60, 15 30", "increment": "15", "buffer_before": "10", "minimum_notice": "60"}
    answer = dashboard.post(f"{dashboard.base}/schedules/new", typed | {"window_days": "14"})

    made = Scheduler.objects.get()
    assert answer.url == f"{dashboard.base}/schedules/intro-call/preview"
    assert (made.host, made.organization, made.name) == (olga.user, olga.organization, "Intro call")
    assert (made.durations, made.increment, made.minimum_notice) == ([15, 30, 60], 15, 60)
    assert (made.buffer_before, made.buffer_after, made.window_days) == (10, 0, 14)


@pytest.mark.row("G-5")
def test_a_window_between_dates_leaves_out_the_days(dashboard, typed):
    dates = {"window": "dates", "window_first": "2027-03-01", "window_last": "2027-03-31"}
    dashboard.post(f"{dashboard.base}/schedules/new", typed | dates)

    made = Scheduler.objects.get()
    assert (made.window_days, str(made.window_first), str(made.window_last)) == (None, "2027-03-01", "2027-03-31")


def test_without_an_address_it_gets_one_from_its_name(dashboard, typed):
    dashboard.post(f"{dashboard.base}/schedules/new", typed | {"slug": "", "name": "Größe & Gewicht"})

    assert Scheduler.objects.get().slug == "groe-gewicht"


def test_without_a_name_only_that_is_asked_for(dashboard, typed):
    answer = dashboard.post(f"{dashboard.base}/schedules/new", typed | {"name": " ", "slug": ""})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name"}


@pytest.mark.row("CB-11")
def test_the_account_that_hosts_can_be_named(dashboard, olga, typed):
    _first, second = factories.connection(olga), factories.connection(olga)
    dashboard.post(f"{dashboard.base}/schedules/new", typed | {"place": f"zoom:{second.uid}"})

    made = Scheduler.objects.get()
    assert (made.place, made.connection) == ("zoom", second)
    assert places.resolve(made).connection == second
    assert (
        f'value="zoom:{second.uid}" selected'
        in dashboard.get(f"{dashboard.base}/schedules/intro-call").content.decode()
    )


def test_anothers_account_cannot_be_named(dashboard, mina, typed):
    foreign = factories.connection(mina)
    answer = dashboard.post(f"{dashboard.base}/schedules/new", typed | {"place": f"zoom:{foreign.uid}"})

    assert answer.status_code == 422
    assert not Scheduler.objects.exists()


def test_anothers_hours_cannot_be_used(dashboard, mina, typed):
    answer = dashboard.post(f"{dashboard.base}/schedules/new", typed | {"schedule": str(factories.schedule(mina).pk)})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("place", "detail", "status"),
    [
        ("phone", "", 422),
        ("phone", "+49 30 123", 302),
        ("in_person", "Pier 4", 302),
        ("link", "javascript:alert(1)", 422),
        ("link", "https://meet.example/x", 302),
        ("builtin", "", 302),
        ("zoom", "", 422),
        ("nowhere", "", 422),
    ],
)
def test_a_place_needs_its_detail(dashboard, typed, place, detail, status):
    answer = dashboard.post(f"{dashboard.base}/schedules/new", typed | {"place": place, "place_detail": detail})

    assert answer.status_code == status


BAD = [
    {"name": "x" * 10_000},
    {"name": "   "},
    {"name": "a\x00b"},
    {"name": "one\r\ntwo"},
    {"name": "\u202egpj.exe"},
    {"name": "<script>alert(1)</script>"},
    {"slug": "new"},
    {"slug": "../../etc"},
    {"slug": "intro/call"},
    {"slug": "іntro"},
    {"slug": "-"},
    {"slug": "x" * 200},
    {"durations": "0"},
    {"durations": "-30"},
    {"durations": "7"},
    {"durations": "725"},
    {"durations": "9" * 4000},
    {"durations": "half an hour"},
    {"durations": "٣٠"},
    {"durations": ""},
    {"durations": ", ".join(str(5 * number) for number in range(1, 20))},
    {"buffer_before": "7"},
    {"buffer_after": "-5"},
    {"minimum_notice": "99999999999999999999"},
    {"increment": "0"},
    {"window": "whenever"},
    {"window_days": "0"},
    {"window_days": "9" * 40},
    {"window_days": ""},
    {"window": "dates"},
    {"window": "dates", "window_first": "2027-03-02", "window_last": "2027-03-01"},
    {"window": "dates", "window_first": "0001-01-01", "window_last": "9999-12-31"},
    {"window": "dates", "window_first": "soon", "window_last": "later"},
    {"schedule": "0"},
    {"schedule": "1 OR 1=1"},
    {"description": "x" * 2001},
    {"description": "a\x00"},
]


@pytest.mark.parametrize(
    "wrong", BAD, ids=lambda wrong: "-".join(f"{name}={value[:20]!r}" for name, value in wrong.items())
)
def test_what_cannot_be_is_refused_with_a_sentence_and_kept(dashboard, typed, wrong):
    answer = dashboard.post(f"{dashboard.base}/schedules/new", typed | {"description": "Kept as typed"} | wrong)
    text = answer.content.decode()

    assert answer.status_code == 422
    assert 'class="errorlist"' in text
    assert "Nothing was saved yet" in text
    assert ("Kept as typed" in text) == ("description" not in wrong)
    assert not Scheduler.objects.exists()


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("name", "Please give the scheduler a name."),
        ("durations", "Please give at least one duration"),
        ("buffer_before", "Please choose a length from the list."),
        ("window", "Please choose how far ahead people can book."),
        ("schedule", "Please choose the hours."),
    ],
)
def test_what_is_missing_is_asked_for_in_a_sentence(dashboard, typed, missing, sentence):
    text = dashboard.post(f"{dashboard.base}/schedules/new", typed | {missing: ""}).content.decode()

    assert sentence in text
    assert "This field is required" not in text


def test_emoji_families_and_other_scripts_are_welcome(dashboard, typed):
    dashboard.post(f"{dashboard.base}/schedules/new", typed | {"name": "👩‍👩‍👧 Обсуждение"})

    assert Scheduler.objects.get().name == "👩‍👩‍👧 Обсуждение"


def test_an_address_is_taken_once(dashboard, olga, typed):
    dashboard.post(f"{dashboard.base}/schedules/new", typed)
    answer = dashboard.post(f"{dashboard.base}/schedules/new", typed)

    assert answer.status_code == 422
    assert "has this address" in answer.content.decode()


def test_a_scheduler_is_changed(dashboard, scheduler, typed):
    typed |= {"name": "Long talk", "slug": "long", "schedule": str(scheduler.schedule_id), "durations": "90"}
    dashboard.post(f"{dashboard.base}/schedules/intro", typed)

    scheduler.refresh_from_db()
    assert (scheduler.name, scheduler.slug, scheduler.durations) == ("Long talk", "long", [90])


def test_an_unusual_length_that_is_there_already_can_be_kept(dashboard, scheduler, typed):
    Scheduler.objects.filter(pk=scheduler.pk).update(minimum_notice=777)
    typed |= {"slug": "intro", "minimum_notice": "777"}

    assert dashboard.post(f"{dashboard.base}/schedules/intro", typed).status_code == 302


def test_it_is_switched_off_and_on(dashboard, scheduler):
    dashboard.post(f"{dashboard.base}/schedules/intro/switch")
    scheduler.refresh_from_db()
    assert scheduler.is_on is False
    assert "Switched off" in dashboard.get(f"{dashboard.base}/schedules").content.decode()

    dashboard.post(f"{dashboard.base}/schedules/intro/switch", {"on": "yes"})
    scheduler.refresh_from_db()
    assert scheduler.is_on is True


def test_a_look_does_not_switch(dashboard, scheduler):
    assert dashboard.get(f"{dashboard.base}/schedules/intro/switch").status_code == 405


def test_one_that_was_never_booked_is_deleted(dashboard, scheduler):
    assert "Delete" in dashboard.get(f"{dashboard.base}/schedules/intro/delete").content.decode()
    dashboard.post(f"{dashboard.base}/schedules/intro/delete")

    assert not Scheduler.objects.exists()


def test_one_with_bookings_stays(dashboard, scheduler):
    factories.meeting(factories.booking(scheduler))
    answer = dashboard.post(f"{dashboard.base}/schedules/intro/delete")

    assert answer.status_code == 409
    assert "has bookings" in answer.content.decode()
    assert Scheduler.objects.exists()


@pytest.mark.row("G-51")
def test_the_preview_shows_the_month_as_invitees_see_it(dashboard, scheduler, settings):
    text = dashboard.get(f"{dashboard.base}/schedules/intro/preview").content.decode()

    assert 'class="month__grid"' in text
    assert "?month=" in text
    assert f"{settings.BASE_URL}/olga-berg/intro" in text


@pytest.mark.row("G-51")
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"why-day": "2027-03-01", "why-time": "10:00"}, "This time is offered."),
        ({"why-day": "2027-03-01", "why-time": "10:10"}, "Start times are offered every"),
        ({"why-day": "2027-03-01", "why-time": "20:00"}, "outside the hours"),
        ({"why-day": "2027-03-28", "why-time": "02:30"}, "jump over this time"),
        ({"why-day": "2020-03-01", "why-time": "10:00"}, "has passed"),
        ({"why-day": "2020-03-01"}, "has passed"),
        ({"why-day": "2027-03-01"}, "This day has free times."),
    ],
)
def test_any_date_or_time_can_be_asked_about(dashboard, scheduler, asked, sentence):
    answer = dashboard.get(f"{dashboard.base}/schedules/intro/preview", asked | {"why-duration": "30"})

    assert answer.status_code == 200
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    ("languages", "day"), [("en-US", "Sunday, March 28, 2027"), ("en-GB", "Sunday, 28 March 2027")]
)
def test_reasons_name_dates_as_their_reader_does(dashboard, scheduler, languages, day):
    asked = {"why-day": "2027-03-28", "why-time": "02:30", "why-duration": "30"}
    answer = dashboard.get(f"{dashboard.base}/schedules/intro/preview", asked, HTTP_ACCEPT_LANGUAGE=languages)

    assert f"jump over this time on {day}." in answer.content.decode()


@pytest.mark.row("G-51")
def test_each_rule_leads_to_where_it_is_changed(dashboard, scheduler):
    asked = {"why-day": "2027-03-01", "why-time": "20:00", "why-duration": "30"}
    text = dashboard.get(f"{dashboard.base}/schedules/intro/preview", asked).content.decode()

    assert f'href="{dashboard.base}/availability/{scheduler.schedule.uid}"' in text


@pytest.mark.parametrize(
    "asked",
    [
        {"why-day": "soon"},
        {"why-day": "0001-01-01"},
        {"why-day": "9999-12-31"},
        {"why-day": "2027-03-01", "why-time": "25"},
    ],
)
def test_a_question_that_cannot_be_read_gets_a_sentence(dashboard, scheduler, asked):
    answer = dashboard.get(f"{dashboard.base}/schedules/intro/preview", asked | {"why-duration": "30"})

    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.content.decode()


def test_an_empty_form_proposes_what_most_people_want(dashboard):
    text = dashboard.get(f"{dashboard.base}/schedules/new").content.decode()

    assert 'value="240" selected' in text
    assert 'name="durations" value="30"' in text
    assert 'name="window_days" value="60"' in text


def test_the_first_visit_to_the_form_brings_working_hours(dashboard, olga):
    dashboard.get(f"{dashboard.base}/schedules/new")

    assert Schedule.objects.get().owner == olga.user


def test_a_full_day_is_explained_by_its_bookings(dashboard, scheduler):
    day = (now() + timedelta(days=30)).replace(hour=0, minute=0, second=0, microsecond=0)
    factories.meeting(factories.booking(scheduler, start=day, minutes=24 * 60))
    asked = {"why-day": day.date().isoformat(), "why-time": "12:00", "why-duration": "30"}
    text = dashboard.get(f"{dashboard.base}/schedules/intro/preview", asked).content.decode()

    assert "is booked from" in text
    assert "See the booking" in text


def test_a_double_click_is_told_and_makes_one(olga, typed):
    forms = [SchedulerForm(typed, membership=olga) for _ in range(2)]
    assert all(form.is_valid() for form in forms)
    kept = [form.keep(lambda form=form: schedulers.create(olga, **form.chosen)) for form in forms]

    assert kept == [True, False]
    assert "slug" in forms[1].errors
    assert Scheduler.objects.count() == 1
