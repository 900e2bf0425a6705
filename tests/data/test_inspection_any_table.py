"""Whatever a table holds, a look at it ends in valid JSON."""

import json
from datetime import datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from inspection_tables import table

from assay.core.files import to_json
from assay.core.task import Task
from assay.data.column import Kind
from assay.data.inspection import inspect

VALUES = {
    pl.Float64: st.floats(),
    pl.Int64: st.integers(-(2**62), 2**62) | st.integers(-2, 2),
    pl.String: st.text(max_size=5),
    pl.Boolean: st.booleans(),
    pl.Datetime("us"): st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)),
}


@st.composite
def tables(draw):
    rows = draw(st.integers(1, 50))
    dtypes = draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=6))
    columns = {}
    for number, dtype in enumerate(dtypes):
        values = st.none() | VALUES[dtype]
        pool = draw(st.lists(values, min_size=1, max_size=rows))  # few different values, so that some repeat
        picked = draw(st.lists(st.sampled_from(pool), min_size=rows, max_size=rows))
        columns[f"c{number}"] = pl.Series(picked, dtype=dtype)
    kinds = {}
    for name, series in columns.items():
        if draw(st.booleans()) and not series.dtype.is_temporal():
            kinds[name] = draw(st.sampled_from([kind for kind in Kind if kind is not Kind.DATE]))
    target = draw(st.none() | st.sampled_from(list(columns)))
    task = None
    if target:
        numeric = columns[target].dtype.is_numeric()
        task = draw(st.sampled_from(list(Task))) if numeric else Task.MULTICLASS
    return table(columns, target, task, kinds=kinds)


@settings(max_examples=80, deadline=None)
@given(tables())
def test_any_table_can_be_inspected(made):
    inspection = inspect(made)
    record = json.loads(to_json(inspection.to_json()))
    assert record["rows"] == len(made)
    for column, series in zip(record["columns"], made.frame, strict=True):
        is_float = series.dtype.is_float()
        missing = series.null_count() + (int(series.is_nan().sum()) if is_float else 0)
        assert column["missing"]["count"] == missing
        there = series.drop_nulls().drop_nans() if is_float else series.drop_nulls()
        assert column["unique"] == there.n_unique()
    assert inspection._repr_html_()
