import re
from datetime import date

from bridge.bench import engine, load, pages, stage
from bridge.bench.spread import Spread


def test_the_floor_is_no_page_of_the_product(client, db):
    assert client.get("/bench/floor").status_code == 404


def test_a_month_view_asks_at_most_eight_questions_whatever_the_number_of_bookings(db):
    hosts = {bookings: stage.host(bookings=bookings) for bookings in (0, 10, 2_000)}

    _title, *lines = pages.queries(hosts)

    counts = [tuple(map(int, re.findall(r"(\d+) (?:drawn|shown again)", line))) for line in lines]
    assert [len(count) for count in counts] == [2, 2, 2]
    assert max(map(max, counts)) <= 8
    assert counts[1] == counts[2]


def test_the_booking_that_is_measured_is_made(db, client):
    host = stage.open_host()
    ask = next(pages.booking(host))
    client.cookies["csrftoken"] = pages.TOKEN
    answer = client.generic(ask.method, ask.path, ask.body, content_type=ask.headers["Content-Type"])

    assert answer.status_code == 302
    assert host.bookings.count() == 1


def test_the_script_that_is_measured_is_let_in(db, client):
    assert client.get("/api/v1/me", headers=stage.key(stage.open_host())).status_code == 200


def test_busy_intervals_are_as_many_as_asked_for_and_sorted():
    taken = engine.busy(10_000)

    assert len(taken) == 10_000
    assert taken == sorted(taken)


def test_figures_show_median_and_range():
    assert Spread([0.003, 0.001, 0.002]).show(scale=1000).split() == ["2.0", "[1.0", "-", "3.0]"]


def test_a_load_counts_answers_that_were_not_expected(live_server, db):
    port = int(live_server.url.rsplit(":", 1)[1])

    case = load.Case("nothing", lambda: load.Ask("/nobody-here/nothing"))

    [figure] = load.side_by_side(port, [case], clients=2, seconds=0.1)

    assert figure.unexpected >= 2 * load.ROUNDS


def test_a_share_compares_the_rounds_that_ran_beside_each_other():
    slow = load.Load([load.Round(10, 0.1, 0), load.Round(2, 0.5, 0), load.Round(12, 0.1, 0)])
    floor = load.Load([load.Round(20, 0.1, 0), load.Round(4, 0.5, 0), load.Round(30, 0.1, 0)])

    assert slow.share(floor).values == [0.5, 0.5, 0.4]


def test_the_month_that_is_measured_has_its_bookings(db):
    host = stage.host(bookings=100)

    asked = date.fromisoformat(pages.month(host).rpartition("=")[2] + "-01")
    inside = [booking for booking in host.bookings.all() if booking.start.date().replace(day=1) == asked]
    assert len(inside) > 30
