"""Named hours: the list, the editor with and without scripts, dates that differ, deleting."""

import pytest

from scheduling.models import Schedule
from tests import factories

WORKDAYS = {f"hours-{day}-{part}": time for day in range(5) for part, time in (("start", "09:00"), ("end", "17:00"))}
FORM = {"name": "Working hours", "time_zone": "Europe/Berlin"} | WORKDAYS


@pytest.fixture
def dashboard(olga, sign_in):
    """Olga's browser, at the pages of her organization."""
    client = sign_in(olga)
    client.base = f"/o/{olga.organization.slug}"
    return client


def hours(schedule):
    return [(row.weekday, row.start_minute, row.end_minute) for row in schedule.weekly_hours.all()]


def dates(schedule):
    return [(str(row.date), row.start_minute, row.end_minute) for row in schedule.overrides.all()]


@pytest.mark.row("G-8")
def test_several_named_schedules_stand_beside_each_other(dashboard, olga):
    factories.schedule(olga, name="Mornings")
    factories.schedule(olga, name="Evenings", time_zone="Asia/Kathmandu")
    text = dashboard.get(f"{dashboard.base}/availability").content.decode()

    assert "Mornings" in text
    assert "Evenings" in text
    assert "Asia/Kathmandu" in text
    assert "Mon–Sun" in text


def test_a_newcomer_finds_working_hours(dashboard):
    text = dashboard.get(f"{dashboard.base}/availability").content.decode()

    assert "Working hours" in text
    assert "Mon–Fri" in text
    assert "09:00–17:00" in text


def test_an_american_finds_them_on_a_clock_of_twelve_hours(dashboard):
    text = dashboard.get(f"{dashboard.base}/availability", HTTP_ACCEPT_LANGUAGE="en-US").content.decode()

    assert "9:00 AM–5:00 PM" in text


def test_three_schedules_cost_as_many_queries_as_one(dashboard, olga, django_assert_num_queries):
    factories.scheduler(olga)
    dashboard.get(f"{dashboard.base}/availability")
    with django_assert_num_queries(30, exact=False) as one:
        dashboard.get(f"{dashboard.base}/availability")
    for _ in range(2):
        factories.scheduler(olga)
    with django_assert_num_queries(len(one)):
        dashboard.get(f"{dashboard.base}/availability")


@pytest.mark.row("G-8")
def test_hours_are_kept_as_typed(dashboard, olga):
    answer = dashboard.post(
        f"{dashboard.base}/availability/new",
        FORM | {"hours-0-start": ["09:00", "13:30"]} | {"hours-0-end": ["12:00", "00:00"]},
    )

    made = Schedule.objects.get(name="Working hours")
    assert answer.status_code == 302
    assert made.owner == olga.user
    assert hours(made)[:3] == [(0, 540, 720), (0, 810, 1440), (1, 540, 1020)]


@pytest.mark.row("G-7")
def test_dates_that_differ_are_closed_or_have_hours_of_their_own(dashboard):
    differ = {
        "date-day": ["2027-12-24", "2027-12-31", "2027-12-31", ""],
        "date-start": ["", "14:00", "09:00", ""],
        "date-end": ["", "16:00", "12:00", ""],
    }
    dashboard.post(f"{dashboard.base}/availability/new", FORM | differ)

    made = Schedule.objects.get()
    assert dates(made) == [("2027-12-24", None, None), ("2027-12-31", 540, 720), ("2027-12-31", 840, 960)]
    text = dashboard.get(f"{dashboard.base}/availability/{made.uid}").content.decode()
    assert 'value="2027-12-24"' in text
    assert "Closed" in dashboard.get(f"{dashboard.base}/availability").content.decode()


def test_saving_again_replaces_everything(dashboard, olga):
    schedule = factories.schedule(olga, name="Mornings")
    typed = {"name": "Later", "time_zone": "utc", "hours-6-start": "10:00", "hours-6-end": "11:00"}
    dashboard.post(f"{dashboard.base}/availability/{schedule.uid}", typed)

    schedule.refresh_from_db()
    assert (schedule.name, schedule.time_zone, hours(schedule)) == ("Later", "UTC", [(6, 600, 660)])


def test_an_empty_line_is_no_block(dashboard):
    dashboard.post(f"{dashboard.base}/availability/new", FORM | {"hours-5-start": ["", ""], "hours-5-end": ["", ""]})

    assert {weekday for weekday, _start, _end in hours(Schedule.objects.get())} == {0, 1, 2, 3, 4}


@pytest.mark.row("G-27")
def test_a_line_is_added_and_taken_away_without_scripts(dashboard):
    typed = FORM | {"name": "Half typed", "hours-1-start": ["08:00", "12:00"], "hours-1-end": ["09:00", "13:00"]}

    added = dashboard.post(f"{dashboard.base}/availability/new", typed | {"add": "1"})
    assert added.status_code == 200
    assert added.content.decode().count('name="hours-1-start" value=') == 4  # one more, and the scripts' template

    removed = dashboard.post(f"{dashboard.base}/availability/new", typed | {"remove": "1-0"})
    text = removed.content.decode()
    assert 'value="Half typed"' in text
    assert 'name="hours-1-start" value="12:00"' in text
    assert 'name="hours-1-start" value="08:00"' not in text

    dated = dashboard.post(f"{dashboard.base}/availability/new", typed | {"add": "date"})
    assert dated.content.decode().count('name="date-day"') == 2
    assert not Schedule.objects.exists()


@pytest.mark.parametrize("strange", ["9", "-1", "1-99", "date-7", "x", "1-", "٣-٠", "date", "0" * 5000])
def test_a_line_that_is_not_there_is_nothing(dashboard, strange):
    for button in ("add", "remove"):
        assert dashboard.post(f"{dashboard.base}/availability/new", FORM | {button: strange}).status_code == 200


BAD = [
    {"name": ""},
    {"name": "   "},
    {"name": "x" * 10_000},
    {"name": "a\x00b"},
    {"name": "one\r\ntwo"},
    {"name": "\u202eevil"},
    {"name": "<b>bold</b>"},
    {"time_zone": "../../etc/passwd"},
    {"time_zone": "America"},
    {"time_zone": "Etc/../../x"},
    {"time_zone": ""},
    {"time_zone": "\x00"},
    {"hours-0-start": "17:00", "hours-0-end": "09:00"},
    {"hours-0-start": "09:00", "hours-0-end": "09:00"},
    {"hours-0-start": "09:00", "hours-0-end": ""},
    {"hours-0-start": "25:00", "hours-0-end": "26:00"},
    {"hours-0-start": "٠٩:٠٠"},
    {"hours-0-start": ["09:00", "10:00"], "hours-0-end": ["12:00", "11:00"]},
    {"date-day": "2027-02-30", "date-start": "", "date-end": ""},
    {"date-day": "0001-01-01", "date-start": "", "date-end": ""},
    {"date-day": "", "date-start": "09:00", "date-end": "10:00"},
    {"date-day": "2027-12-24", "date-start": "09:00", "date-end": ""},
    {"date-day": ["2027-12-24"] * 2, "date-start": ["", "09:00"], "date-end": ["", "10:00"]},
    {"date-day": ["2027-12-24"] * 2, "date-start": ["08:00", "09:00"], "date-end": ["10:00", "11:00"]},
]


@pytest.mark.parametrize(
    "wrong", BAD, ids=lambda wrong: "-".join(f"{name}={str(value)[:24]!r}" for name, value in wrong.items())
)
def test_what_cannot_be_is_refused_with_a_sentence_and_kept(dashboard, wrong):
    answer = dashboard.post(
        f"{dashboard.base}/availability/new", FORM | {"hours-6-start": "06:06", "hours-6-end": "07:07"} | wrong
    )
    text = answer.content.decode()

    assert answer.status_code == 422
    assert "Nothing was saved yet" in text
    assert 'class="errorlist"' in text
    assert 'value="06:06"' in text
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"hours-0-start": "17:00", "hours-0-end": "09:00"}, "The end must be later than the start."),
        ({"hours-0-start": "09:00", "hours-0-end": ""}, "Please give both times"),
        ({"hours-0-start": ["09:00", "10:00"], "hours-0-end": ["12:00", "11:00"]}, "overlaps another block"),
        ({"date-day": "", "date-start": "09:00", "date-end": "10:00"}, "Please give a date."),
        ({"date-day": ["2027-12-24"] * 2, "date-start": ["", "09:00"], "date-end": ["", "10:00"]}, "more than once"),
        ({"time_zone": "../../etc/passwd"}, "We do not know this time zone."),
    ],
)
def test_the_sentence_stands_at_the_line_that_is_wrong(dashboard, wrong, sentence):
    text = dashboard.post(f"{dashboard.base}/availability/new", FORM | wrong).content.decode()

    assert sentence in text
    assert 'aria-invalid="true"' in text


def test_a_name_is_used_once(dashboard, olga):
    factories.schedule(olga, name="Working hours")
    answer = dashboard.post(f"{dashboard.base}/availability/new", FORM)

    assert answer.status_code == 422
    assert "another schedule of this name" in answer.content.decode()


def test_hours_in_use_are_not_deleted(dashboard, olga, scheduler):
    factories.schedule(olga)
    address = f"{dashboard.base}/availability/{scheduler.schedule.uid}/delete"

    assert "Intro call" in dashboard.get(address).content.decode()
    answer = dashboard.post(address)
    assert answer.status_code == 409
    assert "These hours are used by Intro call" in answer.content.decode()
    assert Schedule.objects.filter(pk=scheduler.schedule_id).exists()


def test_hours_that_nobody_uses_are_deleted(dashboard, olga):
    factories.schedule(olga)
    spare = factories.schedule(olga)
    dashboard.post(f"{dashboard.base}/availability/{spare.uid}/delete")

    assert not Schedule.objects.filter(pk=spare.pk).exists()


def test_the_only_hours_stay(dashboard, olga):
    only = factories.schedule(olga)

    assert dashboard.post(f"{dashboard.base}/availability/{only.uid}/delete").status_code == 409


def test_somebody_elses_hours_are_not_found(dashboard, mina):
    foreign = factories.schedule(mina)

    assert dashboard.get(f"{dashboard.base}/availability/{foreign.uid}").status_code == 404
    assert dashboard.post(f"{dashboard.base}/availability/{foreign.uid}", FORM).status_code == 404
    assert dashboard.post(f"{dashboard.base}/availability/{foreign.uid}/delete").status_code == 404


def test_hours_without_name_and_zone_ask_for_both(dashboard):
    text = dashboard.post(f"{dashboard.base}/availability/new", {}).content.decode()

    assert "Please give these hours a name." in text
    assert "Please give the time zone of these hours" in text
    assert "This field is required" not in text
