"""How far apart two outputs are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.bundle.bundle import Bundle

TOLERANCE = 1e-5
"""The largest relative difference that is passed: float32 holds 6e-8, and a few layers round a few times."""


@dataclass(frozen=True)
class Measure:
    """Relative differences of outputs.

    A value is measured as the network says it, in standard deviations of the target from its mean: the
    difference is divided by the value's distance from that mean, or by one standard deviation where it is
    nearer. (Divided by the value itself, years would forgive errors of a week, and values about zero none.)
    A probability is divided by 1: near 0 its own size says nothing of what depends on it.

    Attributes:
        centre: what a value's size is counted from.
        scale: the least that a difference is divided by.
    """

    centre: float = 0.0
    scale: float = 1.0

    @classmethod
    def of(cls, bundle: Bundle, expected: np.ndarray) -> Measure:
        """The measure of a bundle's output.

        Args:
            bundle: knows the scale of its target, where it was trained on a scaled one.
            expected: (N,) its answers to usual rows, which tell the scale where it was not.
        """
        if bundle.task.is_classification:
            return cls()
        if bundle.target_scale is not None:
            return cls(float(bundle.target_scale.mean), float(bundle.target_scale.std))
        usual = expected[np.isfinite(expected)]
        centre, scale = (float(usual.mean()), float(usual.std())) if len(usual) else (0.0, 1.0)
        return cls(centre, scale or 1.0)

    def differences(self, found: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N,) absolute and (N,) relative differences, of each row the largest.

        What is not finite in both is equal: a bundle answers such rows with an error. What is so in one of
        them only is infinitely far.
        """
        finite = np.isfinite(found) & np.isfinite(expected)
        lost = np.isfinite(found) != np.isfinite(expected)
        with np.errstate(invalid="ignore", over="ignore"):
            apart = np.where(finite, np.abs(found - expected), np.where(lost, np.inf, 0.0))
            size = np.where(finite, np.maximum(np.abs(expected - self.centre), self.scale), 1.0)
        absolute, relative = apart, apart / size
        rows = len(found)
        return _largest(absolute, rows), _largest(relative, rows)

    @property
    def words(self) -> str:
        """How a relative difference is made, one sentence."""
        if self == Measure():
            return "the difference of two probabilities"
        return (
            "the difference of two values, divided by the distance of the bundle's own from "
            f"{self.centre:.6g} (the mean of the target), or by {self.scale:.6g} (its standard deviation) "
            "where it is nearer"
        )


def _largest(values: np.ndarray, rows: int) -> np.ndarray:
    """(N,) of (N,) or (N, K)."""
    return values.reshape(rows, -1).max(axis=1) if values.size else np.zeros(rows)
