"""What each method promises, over generated rows."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from assay.core.errors import DataError, RecipeError
from assay.data.split.chance import class_counts, random_parts, stratified_parts
from assay.data.split.chronology import time_parts
from assay.data.split.groups import group_parts
from assay.data.split.official import official_parts, parse_rows
from assay.data.split.settings import SplitSettings
from assay.data.split.shares import part_sizes

SHARES = (0.6, 0.2, 0.2)
some_shares = st.sampled_from([SHARES, (0.8, 0.1, 0.1), (0.34, 0.33, 0.33), (0.75, 0.25)])
seeds = st.integers(0, 2**32)


def is_partition(parts: list[np.ndarray], num_rows: int) -> bool:
    ascending = all((np.diff(part) > 0).all() for part in parts)
    return ascending and np.array_equal(np.sort(np.concatenate(parts)), np.arange(num_rows))


@given(num_rows=st.integers(10, 500), shares=some_shares, seed=seeds)
def test_random_parts_are_a_partition_of_the_right_sizes(
    num_rows: int, shares: tuple[float, ...], seed: int
) -> None:
    parts = random_parts(num_rows, shares, np.random.default_rng(seed))
    assert is_partition(parts, num_rows)
    assert [len(part) for part in parts] == part_sizes(num_rows, shares).tolist()
    again = random_parts(num_rows, shares, np.random.default_rng(seed))
    assert all(np.array_equal(one, other) for one, other in zip(parts, again, strict=True))


@given(
    totals=st.lists(st.integers(5, 400), min_size=2, max_size=12),
    shares=st.sampled_from([SHARES, (0.34, 0.33, 0.33), (0.75, 0.25)]),
    seed=seeds,
)
def test_each_class_keeps_its_share_and_each_part_its_size(
    totals: list[int], shares: tuple[float, ...], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    classes = rng.permutation(np.repeat(np.arange(len(totals)), totals))
    parts = stratified_parts(classes, list(range(len(totals))), shares, rng)
    assert is_partition(parts, len(classes))
    assert [len(part) for part in parts] == part_sizes(len(classes), shares).tolist()
    for part, share in zip(parts, shares, strict=True):
        counts = np.bincount(classes[part], minlength=len(totals))
        assert np.abs(counts - share * np.array(totals)).max() <= 1


@given(totals=st.lists(st.integers(3, 60), min_size=1, max_size=30))
def test_however_rare_a_class_it_stands_in_each_part(totals: list[int]) -> None:
    if sum(totals) * 0.02 < 1:
        return
    counts = class_counts(np.array(totals), (0.96, 0.02, 0.02))
    assert counts.sum(axis=1).tolist() == totals
    assert counts.min() >= 1


def test_a_class_with_too_few_rows_is_named() -> None:
    classes = np.array([0] * 20 + [1] * 2 + [2])
    with pytest.raises(DataError) as caught:
        stratified_parts(classes, ["yes", "no", "maybe"], SHARES, np.random.default_rng(0))
    assert "at least 3 rows, one for each part; class 'maybe' has 1, 'no' has 2" in str(caught.value)
    assert "merge the class" in str(caught.value)


@given(
    times=arrays.arrays(np.int64, st.integers(10, 300), elements=st.integers(0, 60)),
    shares=some_shares,
)
def test_time_parts_follow_each_other_and_equal_times_stay_together(
    times: np.ndarray, shares: tuple[float, ...]
) -> None:
    if len(np.unique(times)) < len(shares):
        with pytest.raises(DataError, match="equal times stay together"):
            time_parts(times, shares)
        return
    parts = time_parts(times, shares)
    assert is_partition(parts, len(times))
    assert all(len(part) for part in parts)
    for earlier, later in pairwise(parts):
        assert times[earlier].max() < times[later].min()


@given(num_rows=st.integers(10, 300), seed=seeds)
def test_different_times_give_exact_sizes(num_rows: int, seed: int) -> None:
    times = np.random.default_rng(seed).permutation(num_rows).astype(np.float64)
    assert [len(part) for part in time_parts(times, SHARES)] == part_sizes(num_rows, SHARES).tolist()


@given(
    groups=arrays.arrays(np.int64, st.integers(10, 300), elements=st.integers(0, 40)),
    shares=some_shares,
    seed=seeds,
)
def test_groups_stay_whole(groups: np.ndarray, shares: tuple[float, ...], seed: int) -> None:
    groups = np.unique(groups, return_inverse=True)[1]
    if groups.max() + 1 < len(shares):
        with pytest.raises(DataError, match="a group stays whole"):
            group_parts(groups, shares, np.random.default_rng(seed))
        return
    parts = group_parts(groups, shares, np.random.default_rng(seed))
    assert is_partition(parts, len(groups))
    assert all(len(part) for part in parts)
    seen = [set(groups[part].tolist()) for part in parts]
    assert sum(map(len, seen)) == len(set().union(*seen))


def test_many_groups_come_close_to_the_shares() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(200), rng.integers(1, 50, 200))
    sizes = np.array([len(part) for part in group_parts(groups, SHARES, np.random.default_rng(1))])
    assert np.abs(sizes / len(groups) - SHARES).max() < 0.005


def test_large_groups_do_not_always_train() -> None:
    groups = np.repeat(np.arange(40), [100, 100, *[10] * 38])
    homes = [
        {number for number, part in enumerate(group_parts(groups, (0.4, 0.3, 0.3), rng)) if 0 in groups[part]}
        for rng in map(np.random.default_rng, range(30))
    ]
    assert set().union(*homes) == {0, 1, 2}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1-3", [0, 1, 2]),
        ("first 2", [0, 1]),
        ("last 2", [8, 9]),
        ("LAST  1", [9]),
        ("9-", [8, 9]),
        ("10", [9]),
        ("7, 1 - 2 ,2", [0, 1, 6]),
        ("1-1_0", list(range(10))),
    ],
)
def test_row_numbers_as_people_write_them(text: str, rows: list[int]) -> None:
    assert parse_rows(text, 10).tolist() == rows


@pytest.mark.parametrize("text", ["", "all", "3-1", "1 2", "-5", "last", "first 0", "1,,2", "1.5", "5:7"])
def test_what_is_no_row_number_is_refused(text: str) -> None:
    with pytest.raises(RecipeError, match=r"is no row number and no range of rows \(write"):
        parse_rows(text, 10)


@pytest.mark.parametrize(
    ("text", "found"),
    [("0-3", "row 0"), ("1-11", "row 11"), ("last 12", "row -1"), ("11-", "row 11"), ("12", "row 12")],
)
def test_rows_that_the_table_lacks_are_named(text: str, found: str) -> None:
    with pytest.raises(DataError, match=f"asks for {found}, and the table has rows 1 to 10"):
        parse_rows(text, 10)


def test_official_parts_fill_each_other() -> None:
    train, validation, test = official_parts(SplitSettings(test_rows="last 3"), 10)
    assert (train.tolist(), validation, test.tolist()) == (list(range(7)), None, [7, 8, 9])
    train, given, test = official_parts(SplitSettings(train_rows="1-5", validation_rows="6-7"), 10)
    assert given is not None
    assert (train.tolist(), given.tolist(), test.tolist()) == ([0, 1, 2, 3, 4], [5, 6], [7, 8, 9])


def test_official_parts_that_share_rows_or_leave_none() -> None:
    with pytest.raises(DataError, match="2 rows stand in train_rows and in test_rows, the first is row 5"):
        official_parts(SplitSettings(train_rows="1-6", test_rows="5-10"), 10)
    with pytest.raises(DataError, match="train_rows: the other parts take all rows"):
        official_parts(SplitSettings(test_rows="1-10"), 10)
