"""What skore's checks say about stored predictions; run by an interpreter that has skore.

    PYTHON skore_side.py FOLDER

Reads `problem_*.npz` of `suite.examine` and writes `skore.json`: the codes of the issues found in each. The
checks are those of skore's own report of a fitted estimator on training and test data: SKD001 (overfitting: a
gap between training and test scores, in most metrics) and SKD002 (underfitting: both scores near a dummy's).
The estimator gives back the stored predictions of Assay's network, so that both look at the same numbers.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from skore import EstimatorReport


class StoredClasses(ClassifierMixin, BaseEstimator):
    """Predicts by row number."""

    def __init__(self, output: np.ndarray | None = None) -> None:
        self.output = output

    def fit(self, X: np.ndarray, y: np.ndarray) -> StoredClasses:
        """Nothing is learnt."""
        self.classes_ = np.arange(self.output.shape[1])
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """(N, K) stored probabilities."""
        return self.output[np.asarray(X)[:, 0].astype(int)]

    def predict(self, X: np.ndarray) -> np.ndarray:
        """(N,) the most probable class."""
        return self.predict_proba(X).argmax(axis=1)


class StoredQuantity(RegressorMixin, BaseEstimator):
    """Predicts by row number."""

    def __init__(self, output: np.ndarray | None = None) -> None:
        self.output = output

    def fit(self, X: np.ndarray, y: np.ndarray) -> StoredQuantity:
        """Nothing is learnt."""
        self.num_rows_ = len(self.output)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """(N,) stored values."""
        return self.output[np.asarray(X)[:, 0].astype(int)]


def issues(path: Path) -> list[str]:
    """Codes of the issues that skore finds."""
    stored = np.load(path)
    output = np.concatenate([stored["train_output"], stored["validation_output"]])
    if output.ndim == 2:
        output = output / output.sum(axis=1, keepdims=True)
    rows = np.arange(len(output), dtype=np.float64)[:, None]
    num_train = len(stored["train_truth"])
    estimator = StoredClasses(output) if output.ndim == 2 else StoredQuantity(output)
    report = EstimatorReport(
        estimator,
        X_train=rows[:num_train],
        y_train=stored["train_truth"],
        X_test=rows[num_train:],
        y_test=stored["validation_truth"],
    )
    found = report.checks.summarize(fast_mode=True).frame(section="issue")
    return sorted(set(found["code"]) & {"SKD001", "SKD002"})


def main() -> None:
    """Check all problems of the folder."""
    folder = Path(sys.argv[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = {path.stem: issues(path) for path in sorted(folder.glob("problem_*.npz"))}
    (folder / "skore.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
