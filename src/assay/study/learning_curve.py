"""The learning curve of a recipe: the same training on a part of its rows, a few times."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assay.core.errors import CutShortError, DataError, RecipeError, TrainingError
from assay.core.seeds import child_seed
from assay.diagnosis.learning_curve import LearningCurve
from assay.study.progress import Silence
from assay.study.trial import predictions_of
from assay.study.trials import make_trial
from assay.training.stopping import can_go_on

if TYPE_CHECKING:
    from assay.bundle.bundle import Bundle
    from assay.core.predictions import Predictions
    from assay.data.table import Table
    from assay.study.progress import Progress
    from assay.study.recipe import Recipe

_LEAST_BATCH = 16
SIZES = (1 / 8, 1 / 4, 1 / 2)
"""Together 7/8 of the time of a full training."""


def learning_curve(
    recipe: Recipe,
    train: Table,
    validation: Table,
    *,
    full: tuple[Predictions, Predictions],
    sizes: Sequence[float] = SIZES,
    seed: int = 0,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> LearningCurve:
    """Train the recipe on parts of the training rows; follow the validation error to four times the rows.

    A smaller part lies inside each larger one. Classes keep their shares in it; where groups divided the
    rows, it is made of whole groups, and where time did, it is the most recent block. Each training begins
    with the preparation, which sees the part alone, and makes as many steps an epoch as the full one: fewer
    would count against the rows what is the optimiser's. One that fails, or whose rows lack a class, is left
    out.

    Args:
        recipe: resolved, so that the network is the same at each size.
        train: the training rows.
        validation: the validation rows, the same at each size.
        full: (training, validation) predictions of the finished run, in the order of the tables.
        sizes: shares of the training rows.
        seed: draws the parts.
        seconds: for all trainings; one that takes longer than what is left is not counted.
        progress: listens.

    Raises:
        RecipeError: a share is not between 0 and 1.
        DataError: the predictions are not those of the tables.
    """
    listener, end = progress or Silence(), None if seconds is None else time.monotonic() + seconds
    _check(train, validation, full, sizes)
    parts = [full]
    for rows in _nested(full[0], sizes, seed):
        left = None if end is None else end - time.monotonic()
        if left is not None and left <= 0.0:
            listener.say("curve", "the time is up; larger parts of the rows were not trained on")
            break
        try:
            alike, scaled = (full[0].take(rows), full[1]), _with_as_many_steps(recipe, len(rows) / len(train))
            parts.append(_trained(scaled, train.take(rows), validation, alike, left))
        except (DataError, TrainingError, CutShortError) as reason:
            listener.say("curve", f"{len(rows):,} training rows are left out: {reason}")
        else:
            listener.say("curve", f"trained on {len(rows):,} of the {len(train):,} training rows")
    return LearningCurve.of(recipe.metric_for(full[1].task), parts, seed=seed)


def _check(
    train: Table, validation: Table, full: tuple[Predictions, Predictions], sizes: Sequence[float]
) -> None:
    for share in sizes:
        if not 0.0 < share < 1.0:
            raise RecipeError(f"{share!r} is no share of the training rows: between 0 and 1", where="sizes")
    for name, table, p in zip(("training", "validation"), (train, validation), full, strict=True):
        if len(table) != len(p):
            raise DataError(f"{len(p):,} predictions were given for {len(table):,} {name} rows")


def _trained(
    recipe: Recipe,
    train: Table,
    validation: Table,
    alike: tuple[Predictions, Predictions],
    seconds: float | None,
) -> tuple[Predictions, Predictions]:
    """(training, validation) predictions of a training; `alike` are those of another for the same rows."""
    trial = make_trial(recipe, train, validation)
    if tuple(map(str, trial.target.labels)) != alike[1].labels:
        raise DataError("they lack a class")
    bundle, training = trial.fit(None, Silence(), seconds=seconds)
    if can_go_on(training.stopped):
        raise CutShortError("the time was up")
    return _predicted(bundle, train, alike[0]), _predicted(bundle, validation, alike[1])


def _with_as_many_steps(recipe: Recipe, share: float) -> Recipe:
    size = recipe.training.batch_size
    if size is None:  # the rule by which it is chosen goes by the rows
        return recipe
    scaled = max(min(size, _LEAST_BATCH), round(size * share))
    return recipe.model_copy(update={"training": recipe.training.model_copy(update={"batch_size": scaled})})


def _predicted(bundle: Bundle, table: Table, alike: Predictions) -> Predictions:
    found = predictions_of(bundle, table, alike.rows)
    return replace(found, times=alike.times, groups=alike.groups, threshold=alike.threshold)


def _nested(p: Predictions, sizes: Sequence[float], seed: int) -> list[np.ndarray]:
    """Sorted row numbers of the parts, by rising size, each inside the next."""
    rng = np.random.default_rng(child_seed(seed, "learning curve"))
    if len(p.times):
        order_N = np.argsort(-p.times, kind="stable")
        ends_N = np.arange(1, len(p) + 1)
    elif len(p.groups):
        order_N, ends_N = _groups_shuffled(p.groups, rng)
    else:
        order_N, ends_N = _mixed(p, rng), np.arange(1, len(p) + 1)
    wanted = [len(p) * share for share in sorted(set(sizes))]
    ends = sorted({int(ends_N[np.abs(ends_N - size).argmin()]) for size in wanted} - {len(p)})
    return [np.sort(order_N[:end]) for end in ends]


def _groups_shuffled(groups_N: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(N,) rows, group after group, and (G,) where each group ends."""
    _, group_N = np.unique(groups_N, return_inverse=True)
    place_G = rng.permutation(int(group_N.max()) + 1)
    return np.argsort(place_G[group_N], kind="stable"), np.cumsum(np.bincount(place_G[group_N]))


def _mixed(p: Predictions, rng: np.random.Generator) -> np.ndarray:
    """(N,) rows in random order: one of each class, then so that any beginning has the classes' shares."""
    shuffled_N = rng.permutation(len(p))
    if not p.task.is_classification:
        return shuffled_N
    place_N = np.empty(len(p))
    for number in np.unique(p.truth):
        of_class = shuffled_N[p.truth[shuffled_N] == number]
        place_N[of_class] = (np.arange(len(of_class)) + rng.random()) / len(of_class)
        place_N[of_class[0]] = -1.0
    mixed_N: np.ndarray = shuffled_N[np.argsort(place_N[shuffled_N], kind="stable")]
    return mixed_N
