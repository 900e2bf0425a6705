"""Trainings on parts of the training rows."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from assay.core.errors import DataError, RecipeError
from assay.core.predictions import Predictions
from assay.data.preparation import Preparation
from assay.data.reading import read
from assay.data.table import Table
from assay.study.learning_curve import learning_curve
from assay.study.progress import Silence
from assay.study.recipe import Recipe
from assay.study.trial import Trial, predictions_of

RECIPE = Recipe.checked({"network": {"hidden": (8,)}, "training": {"epochs": 2, "batch_size": 32}})
Run = tuple[Recipe, Table, Table, tuple[Predictions, Predictions]]


class Notes(Silence):
    """Keeps what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, step: str, text: str) -> None:
        self.said.append(text)


def finished(frame: pl.DataFrame, target: str) -> Run:
    """A run whose predictions carry the rows' numbers."""
    table = read(frame, target=target)
    train, validation = table.take(np.arange(280)), table.take(np.arange(280, 400))
    trial = Trial.of(RECIPE, train, validation)
    bundle, _ = trial.fit(None, Silence())
    full = (
        predictions_of(bundle, train, np.arange(280)),
        predictions_of(bundle, validation, np.arange(280, 400)),
    )
    return trial.recipe, train, validation, full


@pytest.fixture(scope="module")
def bought(frame: pl.DataFrame) -> Run:
    return finished(frame.drop("amount", "level"), "bought")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """The rows that each preparation was fitted on."""
    rows: list[np.ndarray] = []
    fit = Preparation.fit.__func__  # type: ignore[attr-defined]

    def noted(cls, train, *more, **named):
        rows.append(train.rows)
        return fit(cls, train, *more, **named)

    monkeypatch.setattr(Preparation, "fit", classmethod(noted))
    return rows


def test_each_part_is_prepared_anew_and_lies_inside_the_next(bought, seen):
    recipe, train, validation, full = bought
    curve = learning_curve(recipe, train, validation, full=full)
    assert [point.rows for point in curve.points] == [35, 70, 140, 280]
    assert [len(rows) for rows in seen] == [35, 70, 140]
    assert all(set(small) < set(large) for small, large in pairwise(seen))
    shares = [np.mean(full[0].truth[rows]) for rows in seen]
    assert shares == pytest.approx([full[0].truth.mean()] * 3, abs=0.03)
    assert curve.metric == "accuracy"
    assert curve.because


def test_an_epoch_has_as_many_steps_at_each_size(bought, monkeypatch):
    recipe, train, validation, full = bought
    sizes: list[int | None] = []
    monkeypatch.setattr(
        Trial, "fit", lambda self, *_, **__: sizes.append(self.recipe.training.batch_size) or 1 / 0
    )
    large = recipe.changed({"training": {"batch_size": 128}})
    for share in (1 / 16, 1 / 4):
        with pytest.raises(ZeroDivisionError):
            learning_curve(large, train, validation, full=full, sizes=(share,))
    assert sizes == [16, 32]


def test_quantities_have_a_curve_in_their_unit(frame):
    recipe, train, validation, full = finished(frame.drop("bought", "level"), "amount")
    curve = learning_curve(recipe, train, validation, full=full)
    assert curve.metric == "rmse"
    assert curve.points[-1].validation_error.value > 10.0


def test_time_takes_the_most_recent_block(bought, seen):
    recipe, train, validation, (of_train, of_validation) = bought
    times = np.random.default_rng(0).permutation(280)
    full = replace(of_train, times=times), replace(of_validation, times=np.arange(120))
    learning_curve(recipe, train, validation, full=full)
    assert [sorted(times[rows]) for rows in seen] == [list(range(280 - n, 280)) for n in (35, 70, 140)]


def test_groups_stay_whole(bought, seen):
    recipe, train, validation, (of_train, of_validation) = bought
    groups = np.repeat(np.arange(28), 10)
    full = replace(of_train, groups=groups), replace(of_validation, groups=np.arange(120))
    learning_curve(recipe, train, validation, full=full)
    for rows in seen:
        assert set(np.bincount(groups[rows], minlength=28)) <= {0, 10}
    assert [len(rows) for rows in seen] == [30, 70, 140]


def test_a_rare_class_is_in_every_part(frame, seen):
    rare = frame.drop("amount", "bought").with_columns(
        level=pl.when(pl.int_range(pl.len()).is_in([3, 5, 300]))
        .then(pl.lit("rare"))
        .otherwise(pl.format("grade {}", "level"))
    )
    recipe, train, validation, full = finished(rare, "level")
    curve = learning_curve(recipe, train, validation, full=full)
    assert len(curve.points) == 4


def test_the_same_seed_gives_the_same_curve(bought):
    recipe, train, validation, full = bought
    one, same, other = (
        learning_curve(recipe, train, validation, full=full, sizes=(0.25, 0.5), seed=seed)
        for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other


def test_no_time_means_no_training(bought, seen):
    recipe, train, validation, full = bought
    notes = Notes()
    curve = learning_curve(recipe, train, validation, full=full, seconds=0.0, progress=notes)
    assert not seen
    assert curve.gain is None
    assert "too short" in curve.because
    assert "the time is up" in notes.said[0]


def test_a_training_that_was_cut_off_does_not_count(bought):
    recipe, train, validation, full = bought
    long = recipe.changed({"training": {"epochs": 100_000, "patience": 0}})
    notes = Notes()
    curve = learning_curve(long, train, validation, full=full, sizes=(0.5,), seconds=0.2, progress=notes)
    assert len(curve.points) == 1
    assert "the time was up" in " ".join(notes.said)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5, 8])
def test_a_share_that_is_none_is_refused(bought, share):
    recipe, train, validation, full = bought
    with pytest.raises(RecipeError, match="is no share of the training rows"):
        learning_curve(recipe, train, validation, full=full, sizes=(share,))


def test_predictions_of_other_rows_are_refused(bought):
    recipe, train, validation, full = bought
    with pytest.raises(DataError, match="120 predictions were given for 280 training rows"):
        learning_curve(recipe, train, validation, full=(full[1], full[1]))
