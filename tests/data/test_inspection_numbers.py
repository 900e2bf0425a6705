from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from inspection_tables import table

from assay.data.inspection.ascending import ascending, is_first
from assay.data.inspection.histogram import Histogram
from assay.data.inspection.numbers import SHARES, Numbers
from assay.data.inspection.outliers import Outliers, quantile
from assay.data.inspection.profile import moment, profile_columns
from assay.data.inspection.stand_in import stand_in
from assay.data.inspection.values import KEPT, Values

amounts = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6))


@given(amounts)
def test_numbers_agree_with_numpy(values):
    ascending = np.sort(values)
    found = Numbers.of_sorted(ascending)
    assert found.mean == pytest.approx(values.mean(), abs=1e-6)
    assert found.std is None or found.std == pytest.approx(values.std(ddof=1), abs=1e-6)
    for share in SHARES:
        assert found.quantiles[share] == pytest.approx(np.quantile(values, share), abs=1e-6)


@given(amounts)
def test_every_number_is_in_one_bin(values):
    histogram = Histogram.of(np.sort(values))
    assert sum(histogram.counts) == len(values)
    assert len(histogram.edges) == len(histogram.counts) + 1
    assert (np.diff(histogram.edges) > 0).all()
    assert histogram.edges[0] <= values.min() and histogram.edges[-1] >= values.max()


@given(amounts)
def test_outliers_agree_with_the_loop_of_the_course(values):
    found = Numbers.of_sorted(np.sort(values))
    low, high = values.min(), np.median(values)
    count = sum(1 for value in values if value < low or value > high)
    assert Outliers.outside(np.sort(values), low, high).count == count
    assert found.percentile.count == sum(
        1 for value in values if value < found.percentile.low or value > found.percentile.high
    )


def test_outliers_by_both_rules_on_a_known_column():
    values = np.append(np.zeros(97), [100.0, 100.0, -100.0])
    found = Numbers.of_sorted(np.sort(values))
    std = np.std(values, ddof=1)
    assert found.three_sigma.count == 3
    assert found.three_sigma.share == 0.03
    assert (found.three_sigma.low, found.three_sigma.high) == pytest.approx((1 - 3 * std, 1 + 3 * std))
    assert found.percentile.count == 1  # -100; the 99th percentile is one of the two 100s


def test_equal_numbers_have_no_outliers():
    found = Numbers.of_sorted(np.full(1000, 0.1))
    assert found.percentile.count == 0
    assert found.three_sigma.count == 0
    assert quantile(np.full(7, 0.1), 0.37) == 0.1


def test_whole_numbers_with_a_small_range_get_a_bin_each():
    histogram = Histogram.of(np.array([1, 1, 2, 5]))
    assert histogram.counts == (2, 1, 0, 0, 1)
    assert histogram.edges == (0.5, 1.5, 2.5, 3.5, 4.5, 5.5)


def test_a_single_number_and_none():
    one = Numbers.of_sorted(np.array([2.5]))
    assert (one.mean, one.std, one.low, one.high) == (2.5, None, 2.5, 2.5)
    assert one.three_sigma is None
    assert Numbers.of_sorted(np.array([])) is None


def test_numbers_near_the_end_of_float64_raise_nothing():
    found = Numbers.of_sorted(np.array([-1.7e308, 0.0, 1.7e308]))
    assert found.histogram is None
    assert found.three_sigma is None


@given(st.lists(st.sampled_from(["a", "b", "c", None, "d"]), min_size=1, max_size=40))
def test_values_of_text(items):
    values = Values.of_series(pl.Series(items, dtype=pl.String))
    there = [item for item in items if item is not None]
    assert values.unique == len(set(there))
    assert dict(values.common) == {item: there.count(item) for item in there}


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=60))
def test_values_of_numbers(items):
    values = Values.of_sorted(np.sort(np.array(items)))
    assert dict(values.common) == {item: items.count(item) for item in items}
    counts = [count for _, count in values.common]
    assert counts == sorted(counts, reverse=True)


def test_only_the_commonest_of_many_values_are_kept():
    numbers = np.sort(np.append(np.arange(5000.0), np.full(10, 77.0)))
    values = Values.of_sorted(numbers)
    assert values.unique == 5000
    assert not values.is_whole
    assert len(values.common) == KEPT
    assert values.common[0] == (77.0, 11)


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([0.5, 1, 2, 3, 99, 99, 99], (99.0, 3)),
        ([-999, -999, -999, -999, 10, 20, 30], (-999.0, 4)),
        ([10, 20, 30, 9999, 9999, 9999], (9999.0, 3)),
        ([10, 20, 30, 40, 9999, 9999], None),  # twice may be a slip
        ([60, 70, 80, 90, 99, 99, 99], None),  # beside the others: a percentage
        ([10, 20, 30, 98, 98, 98], None),
        ([99, 99, 99, 99, 99, 99], None),
        ([1.0], None),
    ],
)
def test_stand_ins_for_missing_values(numbers, found):
    assert stand_in(np.array(numbers, dtype=float)) == found


def test_missing_and_infinite_values_are_counted_apart():
    (profile,) = profile_columns(table({"x": [1.0, None, float("nan"), float("inf"), 3.0]}))
    assert (profile.missing, profile.infinite, profile.values.unique) == (2, 1, 3)
    assert (profile.numbers.mean, profile.numbers.high) == (2.0, 3.0)


def test_large_whole_numbers_keep_their_last_digit():
    (profile,) = profile_columns(table({"key": [2**53, 2**53 + 1, 2**53 + 2]}))
    assert profile.values.unique == 3


def test_a_date_column_is_described_in_days():
    days = pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 1, 10), eager=True)
    (profile,) = profile_columns(table({"day": days}))
    described = profile.to_json()
    assert (described["min"], described["max"]) == ("2020-01-01", "2020-01-10")
    assert described["mean"] is None
    assert described["outliers"]["three_sigma"] is None
    assert sum(described["histogram"]["counts"]) == 10
    assert moment(1452531600) == "2016-01-11 17:00:00"


def test_a_column_without_values():
    empty, text = profile_columns(
        table({"x": pl.Series([None, None], dtype=pl.Float64), "t": pl.Series([None, None], dtype=pl.String)})
    )
    assert (empty.missing, empty.values.unique, empty.numbers) == (2, 0, None)
    assert (text.missing_share, text.values.unique) == (1.0, 0)
    assert empty.to_json()["histogram"] is None


@given(st.lists(st.floats(width=64) | st.none() | st.sampled_from([0.0, -0.0, 1.5, -1.5])))
def test_a_column_is_sorted_as_its_numbers_are(values: list[float | None]) -> None:
    present = [value for value in values if value is not None and not np.isnan(value)]
    found = ascending(pl.Series(values, dtype=pl.Float64))
    assert found.tolist() == sorted(present)
    assert not np.signbit(found[found == 0]).any()
    assert found[is_first(found)].tolist() == sorted(set(present))


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt64, pl.Int64, pl.Float32])
def test_a_column_of_any_numbers_is_sorted(dtype: pl.DataType) -> None:
    series = pl.Series([3, None, 1, 2, 1], dtype=dtype)
    assert ascending(series).tolist() == [1, 1, 2, 3]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=900))
def test_the_commonest_values_are_those_of_a_count(numbers: list[int]) -> None:
    counts = Counter(numbers)
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:100]
    values = Values.of_sorted(np.sort(np.array(numbers, dtype=np.float64)))
    assert (values.unique, list(values.common)) == (len(counts), expected)
