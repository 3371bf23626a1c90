from tests import rows


def test_rows_are_listed_with_their_tests_in_their_order_then_those_without():
    tests = {"CB-10": ["tests/b.py::two"], "CB-2": ["tests/a.py::one", "tests/b.py::two"]}

    assert rows.report(tests, ["CB-2", "CB-3", "CB-10"]) == [
        "CB-2    tests/a.py::one",
        "CB-2    tests/b.py::two",
        "CB-10   tests/b.py::two",
        "\n2 rows have tests; 1 have none: CB-3",
    ]


def test_a_row_that_nobody_owes_is_named():
    assert rows.report({"CB-99": ["tests/a.py::one"]}, ["CB-1"])[-1] == "Unknown rows: CB-99"
