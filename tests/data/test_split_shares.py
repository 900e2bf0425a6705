"""How large the parts are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.errors import DataError, RecipeError
from assay.data.split.settings import SplitSettings
from assay.data.split.shares import (
    part_sizes,
    resolve_shares,
    shares_by_size,
    shares_reason,
    shares_text,
)


@pytest.mark.parametrize(
    ("num_rows", "text"),
    [
        (10, "60:20:20"),
        (19_735, "60:20:20"),
        (100_000, "60:20:20"),
        (500_000, "98:1:1"),
        (3_000_000, "98:1:1"),
    ],
)
def test_the_rule_by_number_of_rows(num_rows: int, text: str) -> None:
    assert shares_text(shares_by_size(num_rows)) == text


def test_in_between_the_share_falls_without_a_jump_and_parts_stay_large() -> None:
    rows = np.arange(100_000, 500_001, 1_000)
    held_out = np.array([shares_by_size(number)[2] for number in rows])
    assert (np.diff(held_out) < 0).all()
    assert np.abs(np.diff(held_out)).max() < 0.004
    assert (held_out * rows).min() >= 4_999.99


def test_the_courses_sizes() -> None:
    assert part_sizes(19_735, (0.6, 0.2, 0.2)).tolist() == [11_841, 3_947, 3_947]
    assert part_sizes(46_728, (0.6, 0.2, 0.2)).tolist() == [28_037, 9_346, 9_345]


@given(
    num_rows=st.integers(10, 10**6),
    parts=st.lists(st.integers(10, 100), min_size=2, max_size=4),
)
def test_sizes_come_to_the_rows_and_each_is_within_one_of_its_share(num_rows: int, parts: list[int]) -> None:
    shares = np.array(parts) / sum(parts)
    if (shares * num_rows).min() < 1:
        return
    sizes = part_sizes(num_rows, shares)
    assert sizes.sum() == num_rows
    assert np.abs(sizes - shares * num_rows).max() < 1


def test_a_share_that_is_no_row_is_refused_with_the_numbers() -> None:
    with pytest.raises(DataError, match=r"a part of 1 % of 20 rows has no row"):
        part_sizes(20, (0.98, 0.01, 0.01))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (0.6, 0.2, 0.2)),
        ({"test": 0.1}, (0.675, 0.225, 0.1)),
        ({"train": 0.7}, (0.7, 0.15, 0.15)),
        ({"train": 0.7, "test": 0.1}, (0.7, 0.2, 0.1)),
        ({"train": 0.5, "validation": 0.25, "test": 0.25}, (0.5, 0.25, 0.25)),
    ],
)
def test_shares_that_are_not_given_divide_the_rest(
    given: dict[str, float], expected: tuple[float, float, float]
) -> None:
    assert resolve_shares(SplitSettings(**given), 1000) == pytest.approx(expected)


def test_the_reason_says_what_the_held_out_part_can_measure() -> None:
    assert "each part needs a good share" in shares_reason(SplitSettings(), shares_by_size(500), 500)
    large = shares_reason(SplitSettings(), shares_by_size(515_345), 515_345)
    assert large.startswith("98:1:1")
    assert "5,154 validation rows" in large
    assert "within 1.4 points" in large
    asked = SplitSettings(test=0.5)
    assert "as asked" in shares_reason(asked, resolve_shares(asked, 500), 500)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"train": 0.5, "validation": 0.2, "test": 0.2}, r"come to 0.9, not to 1 \(change one"),
        ({"train": 0.8, "test": 0.2}, "leave no row for the third part"),
        ({"train": 1.5}, "train = 1.5"),
        ({"test": 0}, "test = 0"),
        ({"methd": "time"}, r"unknown setting 'methd' \(did you mean 'method'\?\)"),
        ({"method": "chance"}, "method = 'chance'"),
        ({"method": "rows"}, "neither training nor test"),
        ({"validation_rows": "1-5"}, "neither training nor test"),
        ({"method": "time", "test_rows": "last 5"}, "'time' and official row numbers exclude each other"),
    ],
)
def test_settings_that_cannot_be(values: dict[str, object], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        SplitSettings.checked(values)
