"""A reference model of another family: what can be reached without a network.

Shapes: Nt training rows, Nv validation rows, D columns, K classes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assay.core.seeds import child_seed
from assay.data.schema import Schema
from assay.diagnosis.floor import Evidence
from assay.diagnosis.floor.equal_rows import are_copies, equal_rows
from assay.study.reference_model import choose_model, fold_numbers

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
    from assay.data.table import Table

_PART = 4  # the learning curve's other point: a quarter of the rows
_FEWEST = 20
_MOST = 100_000  # rows of a fit; more cost time and change little


@dataclass(frozen=True, eq=False)
class Reference:
    """What histogram gradient boosting says about the rows.

    Attributes:
        train: its predictions of the training rows, out of fold: three models, each fitted on the other two
            thirds. Rows of one group share a fold, rows in time are cut into three, copies count once.
        validation: its predictions of the validation rows, fitted on the training rows.
        small: both once more (training, validation), fitted on a quarter of these rows.
        train_inputs: (Nt, D) float64 the raw features, NaN where missing, categories as codes.
        validation_inputs: (Nv, D) the same columns.
        categorical: (D,) whether a column's numbers are codes of categories.
        words: the model, e.g. "boosted trees of 8 leaves, 90 rounds".
        seconds: how long it took.
    """

    train: Predictions
    validation: Predictions
    small: tuple[Predictions, Predictions]
    train_inputs: np.ndarray
    validation_inputs: np.ndarray
    categorical: np.ndarray
    words: str
    seconds: float

    def evidence(
        self,
        train: Predictions,
        validation: Predictions,
        *,
        soft_labels: np.ndarray | None = None,
        repeated_labels: np.ndarray | None = None,
    ) -> Evidence:
        """What `estimate_floor` takes, with a network's predictions of the same rows."""
        return Evidence(
            train,
            validation,
            self.train_inputs,
            self.validation_inputs,
            categorical=self.categorical,
            reference=self.validation,
            reference_train=self.train,
            reference_small=self.small,
            soft_labels=soft_labels,
            repeated_labels=repeated_labels,
        )


def reference_predictions(
    train: Table, validation: Table, known: tuple[Predictions, Predictions], *, seed: int = 0
) -> Reference:
    """Fit the reference model on the raw features of the training rows.

    Args:
        train: the training rows.
        validation: the validation rows, with the same columns.
        known: any predictions of both parts: their truth, rows, times and groups are taken over.
        seed: names folds and samples.
    """
    schema = Schema.of(train)
    categorical = np.array([column.is_category for column in schema.columns])
    return fit_reference(
        schema.encode(train), schema.encode(validation), known, categorical=categorical, seed=seed
    )


def fit_reference(
    train_inputs: np.ndarray,
    validation_inputs: np.ndarray,
    known: tuple[Predictions, Predictions],
    *,
    categorical: np.ndarray | None = None,
    seed: int = 0,
) -> Reference:
    """`reference_predictions` from arrays: (Nt, D) and (Nv, D) float64, NaN where missing."""
    start = time.perf_counter()
    train, validation = known
    if categorical is None:
        categorical = np.zeros(train_inputs.shape[1], dtype=np.bool_)
    coded = [_coded(inputs, train_inputs, categorical) for inputs in (train_inputs, validation_inputs)]
    once_N, like_N = _copied(coded[0], train.truth)
    x_ND, distinct = coded[0][once_N], train.take(once_N)
    fold_N = fold_numbers(distinct, seed=child_seed(seed, "folds"))
    model, output = choose_model(x_ND, distinct, fold_N, categorical, most=_MOST)
    order_N = np.random.default_rng(child_seed(seed, "part")).permutation(len(distinct))
    small_output = np.empty_like(output)
    for fold in np.unique(fold_N):
        fitted = model.fit(x_ND, distinct.truth, _part(order_N[fold_N[order_N] != fold]))
        small_output[fold_N == fold] = fitted(x_ND[fold_N == fold])
    full = model.fit(x_ND, distinct.truth, np.sort(order_N[:_MOST]))
    small = model.fit(x_ND, distinct.truth, _part(order_N))
    return Reference(
        train=replace(train, output=output[like_N]),
        validation=replace(validation, output=full(coded[1])),
        small=(replace(train, output=small_output[like_N]), replace(validation, output=small(coded[1]))),
        train_inputs=train_inputs,
        validation_inputs=validation_inputs,
        categorical=categorical,
        words=str(model),
        seconds=time.perf_counter() - start,
    )


def _copied(x_ND: np.ndarray, truth_N: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows without copies of them, and for each row its place among these.

    A copy in another fold, or in the quarter of the rows, would give its twin's target away.
    """
    same_N = equal_rows(x_ND)
    if not are_copies(same_N, truth_N):
        return np.arange(len(x_ND)), np.arange(len(x_ND))
    _, once_N, like_N = np.unique(same_N, return_index=True, return_inverse=True)
    return once_N, like_N


def _part(allowed: np.ndarray) -> np.ndarray:
    """A quarter of the rows, which come in an order by chance."""
    return allowed[: min(max(len(allowed) // _PART, _FEWEST), _MOST // _PART)]


def _coded(inputs_ND: np.ndarray, seen_ND: np.ndarray, categorical_D: np.ndarray) -> np.ndarray:
    """Codes of categories as ranks among those that the training rows have; NaN for others."""
    coded_ND = inputs_ND.astype(np.float64, copy=True)
    for column in np.flatnonzero(categorical_D):
        codes = np.unique(seen_ND[:, column][~np.isnan(seen_ND[:, column])])
        values_N = inputs_ND[:, column]
        rank_N = np.searchsorted(codes, values_N).clip(0, max(len(codes) - 1, 0))
        is_known_N = codes[rank_N] == values_N if len(codes) else np.zeros(len(values_N), dtype=np.bool_)
        coded_ND[:, column] = np.where(is_known_N, rank_N, np.nan)
    return coded_ND
