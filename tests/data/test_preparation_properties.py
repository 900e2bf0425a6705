import datetime as dt
import json
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from every_kind import every_kind
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from assay.data.kinds import settle_kinds
from assay.data.preparation import Preparation
from assay.data.preparation.search import PADDING, num_not_above, stacked
from assay.data.reading import ReadSettings
from assay.data.table import Table
from assay.data.target import Target

TABLE = every_kind()
FITTED = [
    Preparation.fit(TABLE),
    Preparation.fit(TABLE, scale="none", missing="regression", outliers="clip", outlier_rule="percentile"),
    Preparation.fit(TABLE, scale="standardize", missing="regression", one_hot_up_to=0),
    Preparation.fit(TABLE, scale="minmax", missing="most_frequent"),
]
NUM_COLUMNS = len(FITTED[0].schema)
_NUMBERS = st.floats(allow_infinity=False) | st.sampled_from([-1.0, 0.0, 1.0, 2.0, 1e9, 1.7e308, -1.7e308])


@given(hnp.arrays(np.float64, st.tuples(st.integers(0, 4), st.just(NUM_COLUMNS)), elements=_NUMBERS))
def test_whatever_comes_in_the_output_is_finite(raw: np.ndarray) -> None:
    for preparation in FITTED:
        output = preparation(torch.from_numpy(raw))
        assert output.shape == (len(raw), preparation.num_outputs)
        assert torch.isfinite(output).all()


@given(
    st.lists(st.lists(st.integers(-50, 50), min_size=1, max_size=20, unique=True), min_size=1, max_size=4),
    st.lists(st.integers(-60, 60), min_size=1, max_size=10),
)
def test_the_search_agrees_with_numpy(tables: list[list[int]], values: list[int]) -> None:
    table_QK = stacked([sorted(map(float, table)) for table in tables], PADDING)
    values_NQ = torch.tensor(values, dtype=torch.float64)[:, None].repeat(1, len(tables))
    counts_NQ = num_not_above(values_NQ, table_QK)
    for column, table in enumerate(tables):
        expected = np.searchsorted(sorted(table), values, side="right")
        assert counts_NQ[:, column].tolist() == expected.tolist()


def fingerprint(table: Table, rows: np.ndarray, **choices: Any) -> tuple[bytes, str]:
    """Every fitted number, byte for byte, and every fitted word."""
    preparation = Preparation.fit(table.take(rows), **choices)
    state = b"".join(
        name.encode() + tensor.numpy().tobytes() for name, tensor in preparation.state_dict().items()
    )
    return state, json.dumps([preparation.to_json(), Target.of(table, rows).to_json()])


def poisoned(table: Table, rows: np.ndarray) -> Table:
    """The table with 1e9, or what comes closest in a column's type, in every cell but those of `rows`."""
    poison = {
        pl.Boolean: [True, None],
        pl.String: ["\u2620 1e9", None],
        pl.Date: [dt.date(9999, 12, 31), None],
        pl.Datetime: [dt.datetime(9999, 12, 31), None],
    }
    is_kept = np.zeros(len(table), dtype=bool)
    is_kept[rows] = True
    columns = []
    for series in table.frame:
        values = poison.get(series.dtype.base_type(), [10**9, -(10**9), None])
        other = [values[row % len(values)] for row in range(len(table))]
        columns.append(series.zip_with(pl.Series(is_kept), pl.Series(series.name, other, dtype=series.dtype)))
    return Table(pl.DataFrame(columns), table.columns, table.task)


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"missing": "regression", "outliers": "drop", "scale": "standardize"},
        {"missing": "mean", "outliers": "clip", "scale": "minmax", "one_hot_up_to": 0},
    ],
)
def test_no_row_outside_training_moves_a_fitted_number(choices: dict[str, Any]) -> None:
    rows = np.sort(np.random.default_rng(3).permutation(len(TABLE))[:240])
    clean = fingerprint(TABLE, rows, **choices)
    assert fingerprint(poisoned(TABLE, rows), rows, **choices) == clean
    settled = [settle_kinds(table, rows, ReadSettings()) for table in (TABLE, poisoned(TABLE, rows))]
    assert settled[0].columns == settled[1].columns
    assert fingerprint(settled[0], rows, **choices) == fingerprint(settled[1], rows, **choices)
    moved = np.append(rows[:-1], np.setdiff1d(np.arange(len(TABLE)), rows)[0])
    assert fingerprint(TABLE, moved, **choices) != clean  # the fingerprint does see a row of training
