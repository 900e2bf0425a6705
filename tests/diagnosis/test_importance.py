"""Permutation importance: what a network uses, with paired intervals and a warning of stand-ins."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from error_tables import table

from assay.core.errors import RecipeError
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.data.table import Table
from assay.diagnosis.importance import Importance, permutation_importance

NOISE = 0.5


def rows(num_rows: int = 1_000) -> Table:
    """y = 3 a + b + noise; `twin` is almost a, and `idle` says nothing."""
    rng = np.random.default_rng(0)
    a, b, idle = rng.normal(size=(3, num_rows))
    made = {"a": a, "b": b, "idle": idle, "twin": a + 0.1 * rng.normal(size=num_rows)}
    made["y"] = 3.0 * a + b + NOISE * rng.normal(size=num_rows)
    return table(rng, num_rows, Task.REGRESSION, **{name: pl.Series(values) for name, values in made.items()})


def predict(given: Table) -> Predictions:
    frame = given.frame
    output = (3.0 * frame["a"] + frame["b"]).to_numpy()
    return Predictions(Task.REGRESSION, frame["y"].to_numpy(), output)


def test_what_is_used_ranks_by_its_weight():
    found = {one.column: one for one in permutation_importance(predict, rows(), "rmse")}
    assert list(found)[:2] == ["a", "b"]
    # Shuffling adds twice the variance of 3a to the squared error.
    assert found["a"].change.value == pytest.approx(np.sqrt(18.0 + NOISE**2) - NOISE, rel=0.05)
    assert found["b"].change.value == pytest.approx(np.sqrt(2.0 + NOISE**2) - NOISE, rel=0.05)
    assert found["b"].change.low > 0.0
    assert found["idle"].change.value == 0.0
    assert (found["idle"].change.low, found["idle"].change.high) == (0.0, 0.0)
    assert set(found) == {"income", "age", "city", "a", "b", "idle", "twin"}


def test_columns_that_say_the_same_are_named():
    found = {one.column: one for one in permutation_importance(predict, rows(), "rmse")}
    assert found["a"].twins == ("twin",)
    assert found["twin"].twins == ("a",)
    assert found["b"].twins == ()
    assert "shares what it says with twin" in str(found["a"])


def test_intervals_are_paired():
    """Rows that are hard before and after cancel: the interval is narrower than that of either error."""
    found = {one.column: one for one in permutation_importance(predict, rows(), "mae", repeats=3)}
    change = found["b"].change
    assert change.low <= (change.value or 0.0) <= change.high
    assert change.high - change.low < 0.15
    more = {one.column: one for one in permutation_importance(predict, rows(4_000), "mae", repeats=3)}
    assert more["b"].change.high - more["b"].change.low < change.high - change.low


def test_a_classifier_by_roc_auc():
    def score(given: Table) -> Predictions:
        second = 1.0 / (1.0 + np.exp(-given.frame["a"].to_numpy()))
        truth = (given.frame["y"] > 0).cast(pl.Int64).to_numpy()
        return Predictions(Task.BINARY, truth, np.column_stack([1.0 - second, second]), ("no", "yes"))

    first = permutation_importance(score, rows(400), "roc_auc", repeats=2)[0]
    assert first.column == "a"
    assert first.change.low > 0.2


def test_many_rows_are_sampled_and_the_seed_repeats():
    seen: list[int] = []

    def counted(given: Table) -> Predictions:
        seen.append(len(given))
        return predict(given)

    first = permutation_importance(counted, rows(6_000), "rmse", repeats=1, seed=5)
    assert set(seen) == {5_000}
    assert permutation_importance(predict, rows(6_000), "rmse", repeats=1, seed=5) == first
    assert Importance.from_json(first[0].to_json()) == first[0]


def test_rows_that_err_alike_are_drawn_together():
    """Rows with a large b lose most by its shuffling; in groups by its size they come and go together."""
    given = rows()
    group = given.frame["b"].abs().rank("ordinal").cast(pl.Int64).to_numpy() // 101
    alone = predict(given)
    widths = []
    for known in (alone, replace(alone, groups=group)):
        found = {one.column: one for one in permutation_importance(predict, given, "rmse", known=known)}
        widths.append(found["b"].change.high - found["b"].change.low)
    assert widths[1] > 1.5 * widths[0]


def test_an_impossible_metric():
    with pytest.raises(RecipeError, match="'accuracy' is not for regression"):
        permutation_importance(predict, rows(50), "accuracy")
