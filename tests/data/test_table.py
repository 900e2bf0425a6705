"""A table: what can be taken out of it, and what is no table."""

import numpy as np
import polars as pl
import pytest

import assay
from assay.core.errors import DataError
from assay.data.column import Column, Kind
from assay.data.table import Table

TABLE = Table(pl.DataFrame({"a": [10.0, 11.0, 12.0]}), (Column("a", Kind.QUANTITATIVE),))


def test_rows_by_number_and_by_mask() -> None:
    assert TABLE.take([2, 0]).frame["a"].to_list() == [12.0, 10.0]
    assert TABLE.take(np.array([True, False, True])).frame["a"].to_list() == [10.0, 12.0]
    assert TABLE.take([2, 0]).take([1]).in_source(np.array([0])).tolist() == [0]


@pytest.mark.parametrize(
    ("rows", "message"), [([7], "row 7 was asked for"), (np.array([True]), "the mask has 1 values")]
)
def test_rows_that_are_not_there(rows: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        TABLE.take(rows)  # type: ignore[arg-type]


@pytest.mark.parametrize("step", [assay.inspect, assay.split, assay.Preparation.fit])
def test_a_frame_or_a_file_is_no_table_yet(step: object) -> None:
    for source in (pl.DataFrame({"a": [1]}), "data.csv"):
        with pytest.raises(DataError, match=r"assay\.read\(DATA, target=\.\.\.\) makes a table"):
            step(source)  # type: ignore[operator]
