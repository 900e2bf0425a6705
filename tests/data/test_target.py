import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from assay.core.errors import DataError
from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.table import Table
from assay.data.target import Target


def table(values: list[Any], task: Task) -> Table:
    frame = pl.DataFrame({"x": range(len(values)), "y": values})
    return Table(frame, (Column("x", Kind.QUANTITATIVE), Column("y", Kind.QUALITATIVE, Role.TARGET)), task)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (["b", "a", None, "c"], ("a", "b", "c")),
        ([3, 1, 2], (1, 2, 3)),
        ([10.0, 2.0], (2, 10)),
        ([0.5, 1.0], (0.5, 1)),
        ([True, False], (False, True)),
        (["yes", "no"], ("no", "yes")),
        (["N", "Y"], ("N", "Y")),
        (["on", "off"], ("off", "on")),
    ],
)
def test_labels_are_the_users_own_in_order(values: list[Any], labels: tuple[Any, ...]) -> None:
    target = Target.of(table(values, Task.MULTICLASS), range(len(values)))
    assert target.labels == labels
    assert list(map(type, target.labels)) == list(map(type, labels))
    assert target.num_outputs == len(labels)


def test_encode_and_decode_are_inverse() -> None:
    values = ["b", "a", "c", "a"]
    target = Target.of(table(values, Task.MULTICLASS), [0, 1, 2])
    numbers = target.encode(pl.Series(values))
    assert numbers.dtype == np.int64
    assert numbers.tolist() == [1, 0, 2, 0]
    assert target.decode(numbers) == values
    assert target.encode(np.array(values)).tolist() == [1, 0, 2, 0]


def test_numbers_and_booleans_are_known_in_any_type() -> None:
    target = Target.of(table([0, 1], Task.BINARY), [0, 1])
    for values in (pl.Series([0.0, 1.0]), np.array([0, 1], dtype=np.int8), [False, True]):
        assert target.encode(values).tolist() == [0, 1]


def test_only_training_rows_decide_the_labels() -> None:
    values = ["a", "b", "z", "a"]
    target = Target.of(table(values, Task.BINARY), [0, 1])
    assert target.labels == ("a", "b")
    with pytest.raises(DataError, match="row 3, column 'y': the class 'z' is in none of the training rows"):
        target.encode(pl.Series(values))
    with pytest.raises(DataError, match="row 43, column 'y'"):
        target.encode(pl.Series(["a", "z"]), rows=np.array([7, 42]))


def test_a_missing_target_is_named() -> None:
    binary = Target.of(table(["a", "b"], Task.BINARY), [0, 1])
    with pytest.raises(DataError, match="row 2, column 'y': the target is missing"):
        binary.encode(pl.Series(["a", None]))
    regression = Target("y", Task.REGRESSION)
    with pytest.raises(DataError, match="row 1, column 'y': the target is missing"):
        regression.encode(pl.Series([None, 1.0]))


def test_a_regression_target_is_numbers() -> None:
    target = Target.of(table([1, 2, 3], Task.REGRESSION), [0])
    assert target == Target("y", Task.REGRESSION)
    assert target.num_outputs == 1
    encoded = target.encode(pl.Series([1, 2]))
    assert encoded.dtype == np.float64
    assert encoded.tolist() == [1, 2]
    assert target.encode(["2.5", 3]).tolist() == [2.5, 3]
    for bad in ("abc", float("inf")):
        with pytest.raises(DataError, match=r"row 2, column 'y': .* is not a finite number"):
            target.encode([1, bad])


def test_a_classifier_needs_two_classes_in_training() -> None:
    with pytest.raises(DataError, match="column 'y': the training rows have only the class 'a'"):
        Target.of(table(["a", "a", "b"], Task.BINARY), [0, 1])
    with pytest.raises(DataError, match="have no class"):
        Target.of(table(["a", "b"], Task.BINARY), [])
    with pytest.raises(DataError, match=r"the task is binary .* 3 classes: 'a', 'b', 'c'"):
        Target.of(table(["a", "b", "c"], Task.BINARY), [0, 1, 2])


def test_a_table_without_a_target_is_refused() -> None:
    with pytest.raises(DataError, match="no target column is named"):
        Target.of(Table(pl.DataFrame({"x": [1]}), (Column("x", Kind.QUANTITATIVE),)), [0])


@pytest.mark.parametrize("labels", [("no", "yes"), (1, 2), (False, True), (0.5, 1), ()])
def test_json_round_trip_keeps_the_labels_types(labels: tuple[Any, ...]) -> None:
    target = Target("y", Task.BINARY if labels else Task.REGRESSION, labels)
    again = Target.from_json(json.loads(json.dumps(target.to_json())))
    assert again == target
    assert list(map(type, again.labels)) == list(map(type, labels))
