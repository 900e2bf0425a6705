"""Asks every method that has a meaning for the metric."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.diagnosis.floor import learning_curve
from assay.diagnosis.floor.delta_test import delta_test
from assay.diagnosis.floor.estimate import Estimate
from assay.diagnosis.floor.evidence import Evidence
from assay.diagnosis.floor.heavy_tail import kurtosis, log_noise, rmse_end
from assay.diagnosis.floor.judged import Judged
from assay.diagnosis.floor.learnt import has_learnt, still_learns
from assay.diagnosis.floor.neighbours import neighbour_errors
from assay.diagnosis.floor.paired import paired_errors
from assay.diagnosis.floor.points import as_points
from assay.diagnosis.floor.reached import BEYOND, reached
from assay.diagnosis.floor.repeated_rows import repeated_rows
from assay.diagnosis.floor.soft_labels import repeated_label_floor, soft_label_floor

NETWORK, REFERENCE, MEAN = "validation error", "reference model", "mean of network and reference model"
_INPUTS = "inputs"
_MAYBE, _CLEAR = 2.0, 4.0  # standard deviations between which the interval holds both answers
_UNLIKE = "the reference model errs otherwise on validation rows than on training rows: the former count"
_LEARNT_NOTHING = "the reference model is no better than a constant: noise, or too few rows, can't be told"
_STEEP = (
    "three quarters of the rows bought half or more of what the reference model has learnt: how low its "
    "error ends can't be told"
)
_CERTAIN = 2.0  # standard deviations by which another model's lead counts


@dataclass(frozen=True)
class Answers:
    """What the methods said.

    Attributes:
        reached: upper bounds, for every metric.
        repeated: a certain lower bound.
        curve: the estimate by the reference model's learning curve.
        people: estimates by soft or repeated labels.
        neighbours: estimates that tend upwards where inputs are many.
        doubts: of images, the estimate by the labels that the network doubts.
        notes: what was noticed on the way, a sentence each.
    """

    reached: tuple[Estimate, ...]
    repeated: Estimate | None = None
    curve: Estimate | None = None
    people: tuple[Estimate, ...] = ()
    neighbours: tuple[Estimate, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: Estimate | None = None

    @property
    def in_inputs(self) -> tuple[Estimate, ...]:
        """Of the neighbours those that no model has a part in."""
        return tuple(each for each in self.neighbours if each.method.endswith(f" in {_INPUTS}"))

    @property
    def all(self) -> tuple[Estimate, ...]:
        """Every estimate, the most certain ones first."""
        single = (self.repeated, self.curve, self.doubts)
        return (*self.reached, *(each for each in single if each is not None), *self.people, *self.neighbours)


def ask(evidence: Evidence, metric: str, *, seed: int, replicates: int) -> Answers:
    """The answers of all methods that have a meaning for the metric."""
    judged = Judged.of(evidence)
    rows = judged.evidence
    bounds, lead = _reached(rows, metric, seed, replicates)
    curve, notes = _curve(rows, metric, lead, seed, replicates)
    notes = (*_copies(judged), *notes)
    if metric not in {"accuracy", "rmse"}:
        return Answers(bounds, curve=curve, notes=notes)
    truth_N = np.concatenate([rows.train.truth, rows.validation.truth])
    return Answers(
        bounds,
        repeated_rows(judged.same, truth_N, metric),
        curve,
        people_said(rows.train, truth_N, rows.soft_labels, rows.repeated_labels),
        _neighbours(rows, truth_N),
        notes,
    )


def _copies(judged: Judged) -> tuple[str, ...]:
    left_out = [
        f"{count:,} {part} rows are copies of others and were left out"
        for count, part in ((judged.num_copies, "training"), (judged.num_seen, "validation"))
        if count
    ]
    return tuple(left_out)


def _reached(rows: Evidence, metric: str, seed: int, replicates: int) -> tuple[tuple[Estimate, ...], float]:
    """Upper bounds; and by how much others were better than the reference model, beyond their noise."""
    models = {NETWORK: rows.validation}
    if rows.reference is not None:
        reference = _fair(rows.reference, metric)
        mean = (rows.validation.output + rows.reference.output) / 2.0
        models |= {REFERENCE: reference, MEAN: replace(rows.validation, output=mean)}
    errors_M, errors_MB = paired_errors(
        [tuple(models.values())],
        (metric,) * len(models),
        seed=child_seed(seed, "reached"),
        replicates=replicates,
    )
    heavy = _heavy([rows.reference_train, rows.reference], metric)
    answers = zip(models, errors_M, errors_MB, strict=True)
    bounds = tuple(
        reached(name, float(error), errors_B, len(rows.validation), _tail(models[name], metric, heavy))
        for name, error, errors_B in answers
    )
    if len(models) == 1:
        return bounds, 0.0
    behind_M, noise_M = errors_M[1] - errors_M, (errors_MB[1] - errors_MB).std(axis=1)
    return bounds, max(0.0, float((behind_M - _CERTAIN * noise_M).max()))


def _tail(p: Predictions, metric: str, heavy: float) -> float:
    return rmse_end(p.truth - p.output, BEYOND, heavy) if metric == "rmse" else 0.0


def _heavy(parts: list[Predictions | None], metric: str) -> float:
    """The kurtosis of the reference model's errors on all rows, more of which show more of a tail."""
    errors = [part.truth - part.output for part in parts if part is not None and metric == "rmse"]
    return kurtosis(np.concatenate(errors)) if errors else 1.0


def _curve(
    rows: Evidence, metric: str, lead: float, seed: int, replicates: int
) -> tuple[Estimate | None, tuple[str, ...]]:
    if metric not in learning_curve.METRICS:
        return None, ()
    if rows.reference is None or rows.reference_train is None or rows.reference_small is None:
        return None, ()
    small = rows.reference_small
    parts = [(rows.reference_train, small[0]), (rows.reference, small[1])]
    if not has_learnt(parts, seed=seed):
        return None, (_LEARNT_NOTHING,)
    is_steep = still_learns(parts)
    parts = [(_fair(full, metric), _fair(part, metric)) for full, part in parts]
    apart = _apart(parts[0][0], parts[1][0], metric, seed)
    judged = [parts] if apart < _MAYBE else [parts[1:], parts] if apart < _CLEAR else [parts[1:]]
    curves = [
        learning_curve.learning_curve_floor(
            each, metric, lead=lead, num_rows=len(rows.train), seed=seed, replicates=replicates
        )
        for each in judged
    ]
    low, high = min(each.low for each in curves), max(each.high or 0.0 for each in curves)
    notes = (*[_UNLIKE] * (len(judged[0]) == 1), *[_STEEP] * is_steep)
    return replace(curves[-1], low=0.0 if is_steep else low, high=high), notes


def _apart(train: Predictions, validation: Predictions, metric: str, seed: int) -> float:
    """How far the model's errors on training and validation rows lie apart, in standard deviations."""
    errors = [
        paired_errors([(part,)], (metric,), seed=child_seed(seed, "differ", place), replicates=200)
        for place, part in enumerate((train, validation))
    ]
    noise = [float(errors_MB.std()) for _, errors_MB in errors]
    if metric == "rmse":
        heavy = _heavy([train, validation], metric)
        noise = [
            max(one, float(errors_M[0]) / 2.0 * log_noise(len(part), heavy))
            for one, (errors_M, _), part in zip(noise, errors, (train, validation), strict=True)
        ]
    return float(abs(errors[0][0][0] - errors[1][0][0]) / max(float(np.hypot(noise[0], noise[1])), 1e-12))


def _fair(p: Predictions, metric: str) -> Predictions:
    """For balanced accuracy the best answer is the class whose probability exceeds its share the most."""
    if metric != "balanced_accuracy":
        return p
    share_K = np.maximum(np.bincount(p.truth, minlength=p.output.shape[1]) / len(p), 1e-9)
    fair_NK = p.output / share_K
    return replace(p, output=fair_NK / np.maximum(fair_NK.sum(axis=1, keepdims=True), 1e-300))


def people_said(
    p: Predictions, truth_N: np.ndarray, soft_NK: np.ndarray | None, repeated_NA: np.ndarray | None
) -> tuple[Estimate, ...]:
    """What people's answers say, where there are any.

    Args:
        p: predictions of some of the rows, which say what is predicted.
        truth_N: class numbers or values of all rows that people were asked about.
        soft_NK: the share of people who said each class, or None.
        repeated_NA: other people's answers, or None.
    """
    found, is_class = [], p.task.is_classification
    if soft_NK is not None and is_class:
        found.append(soft_label_floor(soft_NK, truth_N))
    if repeated_NA is not None:
        num_classes = p.output.shape[1] if is_class else 0
        found.append(repeated_label_floor(np.column_stack([truth_N, repeated_NA]), is_class, num_classes))
    return tuple(each for each in found if each is not None)


def _neighbours(rows: Evidence, truth_N: np.ndarray) -> tuple[Estimate, ...]:
    """In the inputs, and in what the reference model says, where neighbours are close."""
    places = {_INPUTS: as_points(np.vstack([rows.train_inputs, rows.validation_inputs]), rows.categorical)}
    if rows.reference is not None and rows.reference_train is not None:
        said = np.concatenate([rows.reference_train.output, rows.reference.output])
        score_ND = said[:, None] if said.ndim == 1 else said[:, 1:]
        places["the reference model's answers"] = as_points(score_ND, None)
    if rows.train.task.is_classification:
        num_classes = rows.train.output.shape[1]
        found = [
            neighbour_errors(points, truth_N, num_classes, f"nearest neighbours in {place}")
            for place, points in places.items()
        ]
    else:
        found = [delta_test(points, truth_N, f"Gamma test in {place}") for place, points in places.items()]
    return tuple(each for each in found if each is not None)
