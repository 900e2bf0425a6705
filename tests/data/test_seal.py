"""The seal: what is drawn and fitted before `assay test` cannot depend on a test row's target."""

from dataclasses import replace

import numpy as np
import polars as pl

from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.split import Split, split
from assay.data.table import Table


def make_table(target: pl.Series, task: Task | None) -> Table:
    frame = pl.DataFrame({"a": np.arange(len(target)) * 1.0, "y": target})
    role = Role.TARGET if task else Role.FEATURE
    return Table(frame, (Column("a", Kind.QUANTITATIVE), Column("y", Kind.QUANTITATIVE, role)), task)


def test_the_open_rows_hold_no_test_row() -> None:
    drawn = split(make_table(pl.Series([1, 2] * 50), Task.BINARY))
    assert not set(drawn.open_rows) & set(drawn.test)
    assert np.array_equal(np.sort(np.concatenate([drawn.open_rows, drawn.test])), np.arange(100))


def test_a_quantity_to_predict_has_no_say_in_the_split() -> None:
    table = make_table(pl.Series(np.arange(100.0)), Task.REGRESSION)
    poisoned = replace(table, frame=table.frame.with_columns(y=pl.lit(1e9)))
    one, other = split(table), split(poisoned)
    assert one.to_json() == other.to_json()


def test_of_the_targets_a_warning_uses_the_training_rows_alone() -> None:
    from datetime import datetime, timedelta

    dates = [datetime(2026, 1, 1) + timedelta(days=number) for number in range(100)]
    level = np.cumsum(np.random.default_rng(0).normal(size=100))
    frame = pl.DataFrame({"when": dates, "y": level})
    table = Table(
        frame, (Column("when", Kind.DATE), Column("y", Kind.QUANTITATIVE, Role.TARGET)), Task.REGRESSION
    )
    drawn = split(table)
    assert "correlate by" in drawn.warnings[0]
    held_out = np.concatenate([drawn.validation, drawn.test])
    level[held_out] = 1e9
    poisoned = replace(table, frame=frame.with_columns(y=pl.Series(level)))
    assert split(poisoned).to_json() == drawn.to_json()


def test_loading_keeps_the_seal(tmp_path: object) -> None:
    drawn = split(make_table(pl.Series([1, 2] * 50), Task.BINARY))
    drawn.save(str(tmp_path))
    assert Split.load(str(tmp_path)).openings == []
