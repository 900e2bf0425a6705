"""The right verdict, from what nobody can see in life: true errors and the true floor."""

from __future__ import annotations

from dataclasses import dataclass

from assay.core.metrics import error
from suite.problem import Problem, Trained

_CLEAR = 1.5  # the largest gap, in units of the second one and of the margin
_CLOSED = 0.6  # of the margin
_POINT = 0.005


@dataclass(frozen=True)
class Truth:
    """True gaps.

    Attributes:
        floor: Bayes error.
        train: error on the training rows, which are all that the network learnt from.
        train_like: expected error on new rows like them.
        validation: expected error on new rows like the validation rows.
        is_share: whether the error is a share of the rows.
    """

    floor: float
    train: float
    train_like: float
    validation: float
    is_share: bool

    @classmethod
    def of(cls, problem: Problem, trained: Trained) -> Truth:
        """Measure the network on the population."""
        is_share = problem.population.task.is_classification
        train = error(trained.train, "accuracy" if is_share else "rmse")
        return cls(problem.floor, train, trained.true_train_like_error, trained.true_error, is_share)

    @property
    def gaps(self) -> dict[str, float]:
        """By the verdict that each would mean."""
        return {
            "high bias": self.train - self.floor,
            "high variance": self.train_like - self.train,
            "mismatch": self.validation - self.train_like,
        }

    @property
    def margin(self) -> float:
        """Below it a gap is closed: a tenth of the error, for shares at least half a percentage point."""
        return max(0.1 * self.validation, _POINT if self.is_share else 0.0)

    @property
    def verdict(self) -> str:
        """The largest gap's, or at the floor where all are closed."""
        name, largest = max(self.gaps.items(), key=lambda gap: gap[1])
        return name if largest > self.margin else "at the floor"

    @property
    def is_clear(self) -> bool:
        """Whether the right verdict doesn't hang on a whisker. Decided before anything is diagnosed."""
        second, largest = sorted(self.gaps.values())[-2:]
        if largest <= self.margin:
            return largest <= _CLOSED * self.margin
        return largest >= _CLEAR * max(second, self.margin)
