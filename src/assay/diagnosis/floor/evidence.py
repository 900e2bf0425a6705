"""What the floor is estimated from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.core.predictions import Predictions


@dataclass(frozen=True, eq=False)
class Evidence:
    """Training and validation rows, with what a network and a model of another family said about them.

    Test rows are never part of it. Nt training rows, Nv validation rows, D inputs, K classes, A people.

    Attributes:
        train: the network's predictions of the Nt training rows.
        validation: the network's predictions of the Nv validation rows.
        train_inputs: (Nt, D) float64, NaN where missing; the raw features, or those that the network takes.
        validation_inputs: (Nv, D), the same columns.
        categorical: (D,) whether a column's numbers are codes of categories; None where none are.
        reference: the reference model's predictions of the validation rows, fitted on training rows alone.
        reference_train: its predictions of the training rows, out of fold.
        reference_small: both once more (training out of fold, validation), fitted on a quarter of these rows.
        soft_labels: (Nt + Nv, K) the share of people who said each class, training rows first; NaN where
            nobody was asked.
        repeated_labels: (Nt + Nv, A) other people's answers, class numbers or values, training rows first;
            NaN where there is none.
    """

    train: Predictions
    validation: Predictions
    train_inputs: np.ndarray
    validation_inputs: np.ndarray
    categorical: np.ndarray | None = None
    reference: Predictions | None = None
    reference_train: Predictions | None = None
    reference_small: tuple[Predictions, Predictions] | None = None
    soft_labels: np.ndarray | None = None
    repeated_labels: np.ndarray | None = None
