from datetime import datetime, timedelta

import numpy as np
import pytest
from inspection_tables import table

from assay.core.task import Task
from assay.data.column import Kind, Role
from assay.data.inspection.profile import profile_columns
from assay.data.inspection.repeated_rows import RepeatedRows, repeated_rows
from assay.data.inspection.row_findings import row_findings
from assay.data.inspection.time_order import time_order
from assay.data.inspection.wording import span

START = datetime(2016, 1, 11, 17)
MINUTES = [START + timedelta(minutes=10 * step) for step in range(200)]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_repeats_and_conflicts_are_counted():
    made = table(
        {"a": [1, 1, 1, 1, 2, 3], "b": list("xxxxyz"), "y": [0, 0, 0, 1, 1, 1]},
        target="y",
        task=Task.BINARY,
    )
    assert repeated_rows(made) == RepeatedRows(repeats=2, conflicts=4, unavoidable=1)


def test_an_identifier_or_ignored_column_does_not_tell_rows_apart():
    values = {"key": [1, 2, 3], "note": ["p", "q", "r"], "a": [5, 5, 6], "y": [1.0, 1.0, 2.0]}
    made = table(values, "y", Task.REGRESSION, kinds={"key": Kind.IDENTIFIER}, roles={"note": Role.IGNORED})
    assert repeated_rows(made) == RepeatedRows(repeats=1, conflicts=0, unavoidable=None)
    assert repeated_rows(table(values, "y", Task.REGRESSION)).repeats == 0


def test_conflicts_of_a_quantity_have_no_count_of_errors():
    made = table({"a": [5, 5, 6], "y": [1.0, 2.0, 2.0]}, target="y", task=Task.REGRESSION)
    assert repeated_rows(made) == RepeatedRows(repeats=0, conflicts=2, unavoidable=None)


def test_missing_values_are_equal_to_each_other():
    assert repeated_rows(table({"a": [None, None, 1.0], "b": ["x", "x", "x"]})).repeats == 1


def test_a_table_of_the_target_alone_has_nothing_to_compare():
    assert repeated_rows(table({"y": [1, 1]}, "y", Task.BINARY)) == RepeatedRows(0, 0, None)


def test_rows_in_time_order_with_the_echo_of_the_target(rng):
    y = np.cumsum(rng.normal(size=200))
    order = time_order(table({"date": MINUTES, "y": y}, target="y", task=Task.REGRESSION))
    assert order.is_ordered
    assert (order.first, order.last) == ("2016-01-11 17:00:00", "2016-01-13 02:10:00")
    assert order.step_seconds == 600
    assert order.echo == pytest.approx(np.corrcoef(y[1:], y[:-1])[0, 1])


def test_newest_first_is_an_order_too_and_shuffled_is_none(rng):
    assert time_order(table({"date": MINUTES[::-1]})).is_ordered
    shuffled = [MINUTES[index] for index in rng.permutation(200)]
    assert not time_order(table({"date": shuffled})).is_ordered


def test_a_clock_set_back_once_is_still_a_clock():
    assert time_order(table({"date": MINUTES[:150] + MINUTES[144:]})).is_ordered


def test_the_date_that_orders_the_rows_is_preferred(rng):
    shuffled = [MINUTES[index] for index in rng.permutation(200)]
    assert time_order(table({"born": shuffled, "date": MINUTES})).column == "date"


def test_a_number_orders_the_rows_only_where_the_user_says_so():
    assert time_order(table({"year": range(1900, 2000)})) is None
    order = time_order(table({"year": range(1900, 2000)}, roles={"year": Role.TIME}))
    assert (order.column, order.is_ordered, order.step_seconds, order.last) == ("year", True, None, "1999")


def test_the_echo_of_a_class_is_agreement_beyond_chance(rng):
    runs = np.repeat(rng.integers(0, 2, 10), 20)
    echo = time_order(table({"date": MINUTES, "y": runs}, "y", Task.BINARY)).echo
    assert echo > 0.8
    coin = rng.integers(0, 2, 200)
    assert abs(time_order(table({"date": MINUTES, "y": coin}, "y", Task.BINARY)).echo) < 0.2


def test_gaps_in_the_dates_and_few_or_equal_dates():
    gaps = [None if index % 5 == 0 else moment for index, moment in enumerate(MINUTES)]
    assert time_order(table({"date": gaps})).is_ordered
    assert time_order(table({"date": MINUTES[:5]})) is None
    assert time_order(table({"date": MINUTES[:1] * 50})) is None
    assert time_order(table({"x": [1.0]})) is None


def found(made):
    profiles = profile_columns(made)
    findings = row_findings(len(made), profiles, repeated_rows(made), time_order(made))
    return {finding.code: finding for finding in findings}


def test_what_is_said_about_rows():
    survey = table({"a": [1, 1, 2, 2] * 5, "y": ["n", "n", "n", "j"] * 5}, "y", Task.BINARY)
    said = found(survey)
    assert set(said) == {"A201", "A202", "A205"}
    assert "17 rows (85 %)" in said["A201"].message
    assert "keep them" in said["A201"].advice
    assert "at least 5 (25 %)" in said["A202"].message
    assert "a fifth of them, 4," in said["A205"].message


def test_what_is_said_about_time(rng):
    said = found(
        table(
            {"date": [START + timedelta(days=day) for day in range(600)], "y": rng.random(600)},
            "y",
            Task.REGRESSION,
        )
    )
    assert set(said) == {"A203"}
    assert "so neighbours give little away" in said["A203"].message
    assert "a random split" not in said["A203"].advice
    shuffled = [MINUTES[index] for index in rng.permutation(200)]
    said = found(table({"date": shuffled, "x": rng.random(200)}))
    assert set(said) == {"A204", "A205"}


def test_copies_of_measurements_are_to_be_dropped(rng):
    x = rng.random(600)
    said = found(table({"x": np.append(x, x[:5])}))
    assert "drop copies" in said["A201"].advice


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(86400, "1 day"), (86400.4, "1 day"), (90000, "1.04 days"), (600, "10 minutes"), (0.5, "0.5 seconds")],
)
def test_spans_of_time(seconds, said):
    assert span(seconds) == said


def test_one_repeated_row_is_said_of_in_the_singular():
    x = np.arange(200.0)
    said = found(table({"x": np.append(x, x[:1])}))
    assert "1 row (0.498 %) repeats an earlier row" in said["A201"].message
