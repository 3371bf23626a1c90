from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from scheduling.templatetags import times

START = datetime(2026, 3, 5, 13, 30, tzinfo=UTC)
END = START + timedelta(minutes=45)


def rendered(source: str, **context: object) -> str:
    return Template("{% load times %}" + source).render(Context(context))


def test_an_instant_is_shown_in_the_zone_of_the_reader() -> None:
    berlin = rendered('{% instant start "Europe/Berlin" %}', start=START)

    assert berlin == '<time datetime="2026-03-05T13:30Z">Thursday, March 5, 2026, 2:30 PM</time>'


def test_the_day_is_the_day_of_the_reader() -> None:
    assert times.words(START, "Pacific/Kiritimati", "day") == "Friday, March 6, 2026"
    assert times.words(START, "America/Los_Angeles", "short_day") == "Thu, March 5"


@pytest.mark.parametrize(("language", "shown"), [("en", "2:30 PM"), ("de", "14:30"), ("fi", "14.30")])
def test_twelve_or_twenty_four_hours_follow_the_language(language: str, shown: str) -> None:
    with translation.override(language):
        assert times.words(START, "Europe/Berlin", "time") == shown


def test_the_order_of_a_date_follows_the_language() -> None:
    with translation.override("de"):
        assert times.words(START, "Europe/Berlin", "day") == "Donnerstag, 5. März 2026"


def test_midnight_and_noon_are_figures_too() -> None:
    assert times.words(datetime(2026, 3, 5, 12, tzinfo=UTC), "UTC", "time") == "12:00 PM"
    assert times.words(datetime(2026, 3, 5, tzinfo=UTC), "UTC", "time") == "12:00 AM"


def test_a_period_names_its_day_once() -> None:
    shown = rendered('{% period start end "Europe/Berlin" %}', start=START, end=END)

    assert shown == (
        '<time datetime="2026-03-05T13:30Z/2026-03-05T14:15Z">Thursday, March 5, 2026, 2:30 PM – 3:15 PM</time>'
    )
    assert times.period_words(START, END, "Europe/Berlin", "time") == "2:30 PM – 3:15 PM"


def test_a_period_over_midnight_names_both_days() -> None:
    assert times.period_words(START, END, "Asia/Vladivostok") == "Thursday, March 5, 2026, 11:30 PM – " + (
        "Friday, March 6, 2026, 12:15 AM"
    )


def test_a_time_that_comes_twice_is_told_apart_by_its_offset() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))

    assert times.words(first, "Europe/Berlin", "time") == "2:30 AM (UTC+02:00)"
    assert times.words(second, "Europe/Berlin", "time") == "2:30 AM (UTC+01:00)"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("UTC", "UTC"),
        ("Asia/Kathmandu", "UTC+05:45"),
        ("America/St_Johns", "UTC-03:30"),
        ("Australia/Lord_Howe", "UTC+11:00"),
    ],
)
def test_an_offset_has_a_name(zone: str, name: str) -> None:
    assert rendered("{% offset zone start %}", zone=zone, start=START) == name


def test_a_zone_is_called_by_its_city() -> None:
    assert rendered("{{ zone|city }}", zone="America/Argentina/Buenos_Aires") == "Buenos Aires"


def test_the_clock_tells_the_time_there_now() -> None:
    assert "<time datetime=" in rendered('{% clock "Asia/Tokyo" %}')


@pytest.mark.parametrize(
    ("value", "words", "short"),
    [
        (30, "30 minutes", "30 min"),
        (1, "1 minute", "1 min"),
        (60, "1 hour", "1 h"),
        (timedelta(hours=2, minutes=15), "2 hours 15 minutes", "2 h 15 min"),
        (0, "0 minutes", "0 min"),
    ],
)
def test_a_duration_is_told_in_words(value: int | timedelta, words: str, short: str) -> None:
    assert times.duration(value) == words
    assert times.duration(value, "short") == short
