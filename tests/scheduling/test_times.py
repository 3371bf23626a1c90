"""Times in pages, as their reader knows them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from scheduling.models import Booking
from scheduling.reader import Reader

START = datetime(2026, 3, 5, 13, 30, tzinfo=UTC)
BRITON, AMERICAN = Reader("Europe/London", "GB"), Reader("America/New_York", "US")


def rendered(source: str, **context: object) -> str:
    return Template("{% load times %}" + source).render(Context(context)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("reader", "shown"),
    [(BRITON, "Thursday, 5 March 2026, 13:30"), (AMERICAN, "Thursday, March 5, 2026, 8:30 AM")],
)
def test_a_moment_is_shown_as_its_reader_knows_it(reader: Reader, shown: str) -> None:
    assert rendered("{% moment reader start %}", reader=reader, start=START) == (
        f'<time datetime="2026-03-05T13:30Z">{shown}</time>'
    )


def test_the_words_are_those_of_the_language() -> None:
    with translation.override("de"):
        assert Reader("Europe/Berlin", "DE").moment(START).startswith("Donnerstag, ")


def test_the_day_is_the_day_of_the_reader() -> None:
    assert rendered("{% short_date r at %}", r=Reader("Pacific/Kiritimati"), at=START) == "Fri, 6 Mar"
    assert rendered("{% date_in_words r at %}", r=Reader("Pacific/Kiritimati"), at=START) == "Friday, 6 March 2026"


def test_midnight_and_noon_are_figures_too() -> None:
    american = Reader("UTC", "US")

    assert american.clock(START.replace(hour=12, minute=0)) == "12:00 PM"
    assert american.clock(START.replace(hour=0, minute=0)) == "12:00 AM"


def test_a_meeting_names_its_day_once() -> None:
    booking = Booking(start=START, end=START + timedelta(minutes=45))

    assert rendered("{% when reader booking %}", reader=AMERICAN, booking=booking) == (
        '<time datetime="2026-03-05T13:30Z">Thursday, March 5, 2026, 8:30 AM – 9:15 AM</time>'
    )


def test_a_moment_that_comes_twice_is_told_apart_by_its_offset() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))

    assert Reader("Europe/Berlin").moment(first) == "Sunday, 25 October 2026, 02:30 (UTC+02:00)"
    assert Reader("Europe/Berlin").moment(second) == "Sunday, 25 October 2026, 02:30 (UTC+01:00)"


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Asia/Kathmandu", "UTC+05:45"), ("America/St_Johns", "UTC-03:30"), ("Australia/Lord_Howe", "UTC+11:00")],
)
def test_an_offset_has_a_name(zone: str, name: str) -> None:
    assert rendered("{% offset reader start %}", reader=Reader(zone), start=START) == name


def test_a_zone_is_called_by_its_city() -> None:
    assert rendered("{{ zone|city }}", zone="America/Argentina/Buenos_Aires") == "Buenos Aires"


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
    assert rendered("{{ value|duration }}", value=value) == words
    assert rendered('{{ value|duration:"short" }}', value=value) == short
