"""The reference model: boosted trees, mixed with a linear model where that predicts better out of fold.

Shapes: N rows, D columns, K classes, F folds.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from assay.core.seeds import child_seed

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

Smooth = Literal["plain", "products", "kernel"]
Fitted = Callable[[np.ndarray], np.ndarray]
"""(N, D) -> (N, K) probabilities, or (N,) values."""

_FOLDS = 3
_ROUNDS = 150
_RATE = 0.1
_MIXES = (0.25, 0.5, 0.75, 1.0)
_SMOOTH: tuple[Smooth, ...] = ("plain", "products", "kernel")
_MOST_SMOOTH = 12  # numbers that more is made of than themselves
_LIKE, _KERNEL = 300, 0.6
_MANY_ROWS = 6_000
_FEW_LEAVES, _MANY_LEAVES = (4, 16), (8, 31)
_MOST_CODES = 255  # categories that the trees take as such
_JUDGES = 30_000  # rows that choose the number of rounds


@dataclass(frozen=True, eq=False)
class Model:
    """Choices of the reference model, made by the loss out of fold.

    Attributes:
        num_classes: K; 0 for a quantity.
        categorical: (D,) whether a column's numbers are codes of categories.
        leaves: of each tree.
        rounds: trees (a class).
        linear: the linear model's share of the mix.
        smooth: what the linear model takes of the numbers: them alone, their squares and products as well, or
            their likeness to 300 rows by a Gaussian kernel (the Nyström method, Williams & Seeger 2001).
    """

    num_classes: int
    categorical: np.ndarray
    leaves: int
    rounds: int
    linear: float = 0.0
    smooth: Smooth = "plain"

    def fit(self, x_ND: np.ndarray, truth_N: np.ndarray, rows: np.ndarray) -> Fitted:
        """Fit on these rows."""
        x, y = x_ND[rows], truth_N[rows]
        parts: list[tuple[float, Fitted]] = []
        if self.linear < 1.0:
            trees = self.trees(x, y)
            parts.append((1.0 - self.linear, lambda other: self.output(trees, other)))
        if self.linear > 0.0:
            plane = self.plane(x, y)
            parts.append((self.linear, lambda other: self.output(plane, other)))
        return lambda other: np.sum([share * predict(other) for share, predict in parts], axis=0)

    def trees(self, x_ND: np.ndarray, truth_N: np.ndarray) -> Any:
        """Histogram gradient boosting (Ke et al. 2017) as scikit-learn has it, missing values as they are."""
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        kind = HistGradientBoostingClassifier if self.num_classes else HistGradientBoostingRegressor
        few_codes = np.nan_to_num(x_ND, nan=0.0).max(axis=0, initial=0.0) < _MOST_CODES
        model = kind(
            max_leaf_nodes=self.leaves,
            max_iter=self.rounds,
            learning_rate=_RATE,
            min_samples_leaf=int(np.clip(len(truth_N) // 50, 5, 20)),
            categorical_features=self.categorical & few_codes,
            early_stopping=False,
            random_state=0,
        )
        if _is_one_class(self, truth_N):
            return _OneClass(truth_N[0])
        # The binning refuses a column without any value; a constant one is never split.
        return model.fit(np.where(np.isnan(x_ND).all(axis=0), 0.0, x_ND), truth_N)

    def plane(self, x_ND: np.ndarray, truth_N: np.ndarray) -> Any:
        """Logistic or ridge regression on standardised numbers and one column a category."""
        from sklearn.compose import make_column_transformer
        from sklearn.impute import SimpleImputer
        from sklearn.linear_model import LogisticRegression, Ridge
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler

        if _is_one_class(self, truth_N):
            return _OneClass(truth_N[0])
        numbers = make_pipeline(
            SimpleImputer(keep_empty_features=True), StandardScaler(), *self._made_of_numbers(len(truth_N))
        )
        codes = OneHotEncoder(handle_unknown="ignore", max_categories=20)
        columns = make_column_transformer((numbers, ~self.categorical), (codes, self.categorical))
        strength = 0.1 if self.smooth == "kernel" else 1.0
        model = LogisticRegression(max_iter=100) if self.num_classes else Ridge(strength)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # not converged, or unknown categories: good enough to compare
            return make_pipeline(columns, model).fit(x_ND, truth_N)

    def _made_of_numbers(self, num_rows: int) -> list[Any]:
        from sklearn.kernel_approximation import Nystroem
        from sklearn.preprocessing import PolynomialFeatures, StandardScaler

        if self.smooth == "products":
            return [PolynomialFeatures(2, include_bias=False), StandardScaler()]
        if self.smooth == "kernel":
            width = _KERNEL / (~self.categorical).sum()
            return [Nystroem(gamma=width, n_components=min(_LIKE, num_rows // 2), random_state=0)]
        return []

    def output(self, model: Any, x_ND: np.ndarray) -> np.ndarray:
        """Predictions as `Predictions.output` holds them."""
        if not self.num_classes:
            return np.asarray(model.predict(x_ND), dtype=np.float64)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # unknown categories
            return self.all_classes(model, model.predict_proba(x_ND))

    def all_classes(self, model: Any, seen: np.ndarray) -> np.ndarray:
        """(N, K) from the columns of the classes that the model has seen."""
        output_NK = np.zeros((len(seen), self.num_classes))
        output_NK[:, model.classes_] = seen
        return output_NK

    def __str__(self) -> str:
        parts = [f"boosted trees of {self.leaves} leaves, {self.rounds} rounds"] * (self.linear < 1.0)
        added = {"plain": "", "products": " with products", "kernel": " with a Gaussian kernel"}[self.smooth]
        parts += [f"a linear model{added}"] * (self.linear > 0.0)
        return " and ".join(parts)


def choose_model(
    x_ND: np.ndarray, known: Predictions, fold_N: np.ndarray, categorical: np.ndarray, *, most: int
) -> tuple[Model, np.ndarray]:
    """The model with the lowest log-loss or squared error out of fold, and its output out of fold.

    The choice sees all training rows, so that these losses are a little too low; it is one of few.

    Args:
        x_ND: (N, D) inputs of the training rows.
        known: their truth and task.
        fold_N: their folds.
        categorical: (D,) columns of codes.
        most: rows of a fit.
    """
    folds = [_Fold.of(fold_N == fold, most) for fold in np.unique(fold_N)]
    chosen, trees = _best_trees(x_ND, known, folds, categorical)
    best = _losses(trees, known.truth).mean(), chosen, trees
    for smooth in _SMOOTH if 0 < (~categorical).sum() <= _MOST_SMOOTH else _SMOOTH[:1]:
        model = replace(chosen, smooth=smooth)
        planes = [model.plane(x_ND[fold.train], known.truth[fold.train]) for fold in folds]
        held = [model.output(plane, x_ND[fold.held]) for plane, fold in zip(planes, folds, strict=True)]
        plane = _out_of_fold(known.output, folds, held)
        for mix in _MIXES:
            output = (1.0 - mix) * trees + mix * plane
            loss = _losses(output, known.truth).mean()
            if loss < best[0]:
                best = loss, replace(model, linear=mix), output
    return best[1], best[2]


def _best_trees(
    x_ND: np.ndarray, known: Predictions, folds: list[_Fold], categorical: np.ndarray
) -> tuple[Model, np.ndarray]:
    """Leaves and rounds with the lowest loss out of fold, and that output."""
    num_classes = known.output.shape[1] if known.task.is_classification else 0
    rounds = max(30, 2 * _ROUNDS // max(num_classes, 2))
    best: tuple[float, Model, list[Any]] | None = None
    for leaves in _FEW_LEAVES if len(x_ND) < _MANY_ROWS else _MANY_LEAVES:
        model = Model(num_classes, categorical, leaves, rounds)
        fitted = [model.trees(x_ND[fold.train], known.truth[fold.train]) for fold in folds]
        loss, count = _best_rounds(model, fitted, folds, x_ND, known.truth)
        if best is None or loss < best[0]:
            best = loss, replace(model, rounds=count), fitted
    assert best is not None
    _, chosen, fitted = best
    held = [_at(chosen, trees, x_ND[fold.held]) for trees, fold in zip(fitted, folds, strict=True)]
    return chosen, _out_of_fold(known.output, folds, held)


def fold_numbers(known: Predictions, *, seed: int) -> np.ndarray:
    """(N,) the fold of each row: thirds of the time, else whole groups or rows by chance."""
    num_rows = len(known)
    if len(known.times):
        place_N = np.argsort(np.argsort(known.times, kind="stable"), kind="stable")
        return np.asarray(place_N * _FOLDS // num_rows)
    units_N = known.groups if len(known.groups) else np.arange(num_rows)
    _, unit_N = np.unique(units_N, return_inverse=True)
    rng = np.random.default_rng(child_seed(seed, "folds"))
    return np.asarray(rng.permutation(unit_N.max() + 1)[unit_N] % _FOLDS)


@dataclass(frozen=True, eq=False)
class _Fold:
    """Row numbers: fitted on, and held out; `judges` of the held-out ones choose the number of rounds."""

    train: np.ndarray
    held: np.ndarray
    judges: np.ndarray

    @classmethod
    def of(cls, held_N: np.ndarray, most: int) -> _Fold:
        rng = np.random.default_rng(0)
        train, held = np.flatnonzero(~held_N), np.flatnonzero(held_N)
        sampled = rng.permutation(train)[:most] if len(train) > most else train
        few = _JUDGES // _FOLDS
        return cls(sampled, held, rng.permutation(held)[:few] if len(held) > few else held)


@dataclass(frozen=True)
class _OneClass:
    """Stands in where only one class was seen."""

    label: int

    @property
    def classes_(self) -> np.ndarray:
        return np.array([self.label])

    def predict_proba(self, x_ND: np.ndarray) -> np.ndarray:
        return np.ones((len(x_ND), 1))

    def staged_predict_proba(self, x_ND: np.ndarray) -> list[np.ndarray]:
        return [self.predict_proba(x_ND)]


def _is_one_class(model: Model, truth_N: np.ndarray) -> bool:
    return model.num_classes > 0 and len(np.unique(truth_N)) == 1


def _best_rounds(
    model: Model, fitted: list[Any], folds: list[_Fold], x_ND: np.ndarray, truth_N: np.ndarray
) -> tuple[float, int]:
    """The lowest loss out of fold by the number of rounds, and that number."""
    total_R = np.zeros(model.rounds)
    for trees, fold in zip(fitted, folds, strict=True):
        loss_R = np.array(
            [
                _losses(output, truth_N[fold.judges]).sum()
                for output in _stages(model, trees, x_ND[fold.judges])
            ]
        )
        total_R += np.resize(loss_R, model.rounds)
    best = int(np.argmin(total_R))
    return float(total_R[best]) / sum(len(fold.judges) for fold in folds), best + 1


def _stages(model: Model, trees: Any, x_ND: np.ndarray) -> Any:
    if not model.num_classes:
        return trees.staged_predict(x_ND)
    return (model.all_classes(trees, seen) for seen in trees.staged_predict_proba(x_ND))


def _at(model: Model, trees: Any, x_ND: np.ndarray) -> np.ndarray:
    """The output after the chosen number of rounds, of trees that went on."""
    output = np.empty(0)
    for count, stage in enumerate(_stages(model, trees, x_ND), start=1):
        output = stage
        if count == model.rounds:
            break
    return output


def _out_of_fold(like: np.ndarray, folds: list[_Fold], outputs: list[np.ndarray]) -> np.ndarray:
    output = np.zeros(like.shape)
    for fold, held in zip(folds, outputs, strict=True):
        output[fold.held] = held
    return output


def _losses(output: np.ndarray, truth_N: np.ndarray) -> np.ndarray:
    """(N,) log-losses or squared errors."""
    if output.ndim == 1:
        squared_N: np.ndarray = np.square(output - truth_N)
        return squared_N
    losses_N: np.ndarray = -np.log(np.clip(output[np.arange(len(truth_N)), truth_N], 1e-6, 1.0))
    return losses_N
