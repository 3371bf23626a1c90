"""Every kind of event, and whether it closes times."""

from dataclasses import replace
from datetime import timedelta

import pytest

from integrations import busy_rules
from integrations.types import Event, EventKind, Response, ShowsAs
from tests.factories import MONDAY

PLAIN = Event("e1", MONDAY, MONDAY + timedelta(hours=1))

KINDS = [
    ("busy", True, {}, {}),
    ("cancelled", False, {"is_cancelled": True}, {}),
    ("booking", False, {"reference": "Booking BR-1"}, {"own": {"Booking BR-1"}}),
    ("copy", False, {"uid": "1@bridge"}, {"own": {"1@bridge"}}),
    ("no_length", False, {}, {"lasts": False}),
    ("declined", False, {"response": Response.DECLINED}, {}),
    ("birthday", False, {"kind": EventKind.BIRTHDAY}, {"is_all_day": True}),
    ("working_location", False, {"kind": EventKind.WORKING_LOCATION}, {"is_all_day": True}),
    ("free", False, {"shows_as": ShowsAs.FREE}, {}),
    ("out_of_office", True, {"kind": EventKind.OUT_OF_OFFICE}, {}),
    ("out_of_office", True, {"shows_as": ShowsAs.OUT_OF_OFFICE}, {"is_all_day": True}),
    ("elsewhere", False, {"shows_as": ShowsAs.ELSEWHERE}, {}),
    ("focus_time", True, {"kind": EventKind.FOCUS_TIME}, {}),
    ("unanswered", True, {"response": Response.NEEDS_ACTION}, {}),
    ("tentative", True, {"shows_as": ShowsAs.TENTATIVE}, {}),
    ("tentative", True, {"response": Response.TENTATIVE}, {}),
    ("tentative", True, {"is_tentative": True}, {}),
    ("all_day", True, {}, {"is_all_day": True}),
    ("private", True, {"is_private": True}, {}),
    ("busy", True, {"response": Response.ACCEPTED}, {}),
]


def rule(of, **known):
    return busy_rules.of(busy_rules.seen(of, **{"lasts": True, "is_all_day": False, "own": set()} | known))


@pytest.mark.row("G-44")
@pytest.mark.parametrize(("key", "closes", "fields", "known"), KINDS)
def test_each_kind_of_event(key, closes, fields, known):
    decided = rule(replace(PLAIN, **fields), **known)

    assert (decided.key, decided.closes) == (key, closes)


def test_every_row_of_the_table_is_tried_above():
    assert {kind[0] for kind in KINDS} == {row.key for row in busy_rules.TABLE}


def test_every_row_says_what_it_is_about_and_why():
    assert all(str(row.what) and str(row.why).endswith(".") for row in busy_rules.TABLE)


@pytest.mark.parametrize(
    "fields",
    [
        {"is_private": True, "shows_as": ShowsAs.FREE},
        {"kind": EventKind.OUT_OF_OFFICE, "shows_as": ShowsAs.FREE},
        {"is_private": True, "response": Response.DECLINED},
        {"is_tentative": True, "is_cancelled": True},
    ],
)
def test_what_frees_goes_before_what_closes(fields):
    assert not rule(replace(PLAIN, **fields)).closes


def test_another_persons_booking_is_an_event_like_any_other():
    foreign = replace(PLAIN, reference="Booking BR-2", uid="2@bridge")

    assert rule(foreign, own={"Booking BR-1", "1@bridge"}).closes


def test_an_empty_reference_is_nobodys():
    assert rule(PLAIN, own={""}).closes
