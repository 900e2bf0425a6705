"""The parts that an image source itself has, as settings of the split."""

import numpy as np
import polars as pl
import pytest

from assay.data.column import Column, Kind, Role
from assay.data.split.official import parse_rows
from assay.data.table import Table
from assay.study.image_set import ImageSet, row_ranges


def image_set(**parts: range) -> ImageSet:
    frame = pl.DataFrame({"label": ["a", "b"] * 5})
    table = Table(frame, (Column("label", Kind.QUALITATIVE, Role.TARGET),))
    return ImageSet(table, {name: np.array(rows) for name, rows in parts.items()})


@pytest.mark.parametrize("rows", [[0], [0, 1, 2], [1, 3, 4, 9], [9, 2, 3]])
def test_row_ranges_say_the_same_rows(rows: list[int]) -> None:
    assert parse_rows(row_ranges(np.array(rows)), 10).tolist() == sorted(rows)


def test_all_parts_are_taken() -> None:
    rows = image_set(train=range(6), validation=range(6, 8), test=range(8, 10))
    wanted = {"method": "rows", "train_rows": "1-6", "validation_rows": "7-8", "test_rows": "9-10"}
    assert rows.split_choices({}) == wanted
    assert rows.split_choices({"method": "auto", "train_like": 0.2}) == wanted


def test_without_a_test_part_the_validation_part_is_sealed() -> None:
    rows = image_set(train=range(6), validation=range(6, 10))
    assert rows.split_choices({}) == {"method": "rows", "train_rows": "1-6", "test_rows": "7-10"}


@pytest.mark.parametrize("asked", [{"method": "random"}, {"test": 0.3}, {"test_rows": "1-2"}])
def test_another_split_that_was_asked_for_wins(asked: dict[str, object]) -> None:
    assert image_set(train=range(6), test=range(6, 10)).split_choices(asked) == {}


def test_no_parts_choose_nothing() -> None:
    assert image_set().split_choices({}) == {}
