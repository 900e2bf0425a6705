"""Rows held back from training by chance, which tell variance from mismatch."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.split import Split, split
from assay.data.table import Table


def grouped(num_groups: int = 40, each: int = 10, labels: tuple[str, ...] = ("no", "yes")) -> Table:
    num_rows = num_groups * each
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(
        {
            "x": rng.normal(size=num_rows),
            "patient": np.repeat(np.arange(num_groups), each),
            "ill": rng.permuted(np.array(labels)[np.arange(num_rows) % len(labels)]),
        }
    )
    columns = (
        Column("x", Kind.QUANTITATIVE, Role.FEATURE),
        Column("patient", Kind.IDENTIFIER, Role.GROUP),
        Column("ill", Kind.QUALITATIVE, Role.TARGET),
    )
    return Table(frame, columns, Task.BINARY, name="patients")


def test_the_rows_held_back_are_of_the_groups_that_train() -> None:
    table = grouped()
    drawn = split(table)
    held = drawn.train_like
    assert len(held) == round(0.1 * (len(drawn.train) + len(held)))
    parts = [drawn.train, drawn.validation, drawn.test, held]
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(len(table)))
    patients = table.frame["patient"].to_numpy()
    assert set(patients[held]) <= set(patients[drawn.train])
    assert not set(patients[held]) & set(patients[drawn.validation])
    assert np.isin(held, drawn.open_rows).all()
    assert any(f"{len(held)} of the training rows (10 %)" in reason for reason in drawn.reasons)


def test_they_are_no_more_than_the_validation_rows() -> None:
    drawn = split(grouped(), train=0.8, validation=0.1, train_like=0.9)
    assert len(drawn.train_like) == len(drawn.validation)


@pytest.mark.parametrize("choices", [{"train_like": 0.0}, {"method": "random"}])
def test_none_are_held_back_when_nobody_wants_them(choices: dict[str, object]) -> None:
    drawn = split(grouped(), **choices)
    assert len(drawn.train_like) == 0
    assert set(drawn.sizes) == set(drawn.hashes) == {"train", "validation", "test"}


def test_a_few_rows_are_too_few_to_hold_any_back() -> None:
    drawn = split(grouped(num_groups=10, each=8))
    assert len(drawn.train_like) == 0


def test_training_keeps_each_class() -> None:
    table = grouped()
    labels = table.frame["ill"].to_numpy().copy()
    labels[::80] = "rare"
    table = Table(table.frame.with_columns(ill=pl.Series(labels)), table.columns, Task.MULTICLASS, name="p")
    drawn = split(table, train_like=0.9, train=0.4, validation=0.5)
    assert set(labels[drawn.train_like]) <= set(labels[drawn.train])


def test_they_travel_with_the_record(tmp_path: Path) -> None:
    drawn = split(grouped())
    drawn.save(tmp_path)
    loaded = Split.load(tmp_path)
    assert np.array_equal(loaded.train_like, drawn.train_like)
    assert loaded.sizes == drawn.sizes
