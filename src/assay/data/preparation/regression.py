"""Missing numbers by ridge regression on the other numbers.

Shapes: N rows, C raw columns, M of them numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

_PENALTY = 1e-3  # ridge, as a share of the rows, on standardised numbers: keeps equal columns solvable


class Regression(nn.Module):
    """Fills missing numbers by ridge regression on the other numbers (those of them missing count as filled).

    Buffers: `is_target` (C,) marks the columns that are filled so; `mean` and `rate` (C,) standardise
    (rate 0 for what isn't a number); `weight` (C, C) and `bias` (C,) predict column j from the others;
    `low` and `high` (C,) hold a prediction within the training range.
    """

    def __init__(
        self,
        *,
        is_target: Tensor,
        mean: Tensor,
        rate: Tensor,
        weight: Tensor,
        bias: Tensor,
        low: Tensor,
        high: Tensor,
    ) -> None:
        super().__init__()
        self.is_target = nn.Buffer(is_target)
        self.mean = nn.Buffer(mean)
        self.rate = nn.Buffer(rate)
        self.weight = nn.Buffer(weight)
        self.bias = nn.Buffer(bias)
        self.low = nn.Buffer(low)
        self.high = nn.Buffer(high)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """The filled matrix with the missing targets predicted."""
        standard_NC = torch.clamp((filled_NC - self.mean) * self.rate, -1e30, 1e30)  # no product overflows
        predicted_NC = standard_NC @ self.weight + self.bias
        predicted_NC = torch.minimum(torch.maximum(predicted_NC, self.low), self.high)
        return torch.where(missing_NC & self.is_target, predicted_NC, filled_NC)


def fit_regression(
    raw_NC: np.ndarray, numbers: Sequence[int], targets: Sequence[int], mean_C: np.ndarray, std_C: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (C, C) and bias (C,) that predict each target column from the other `numbers`.

    Each target is fitted on the rows that have it; a predictor that is missing there counts as its mean. The
    Gram matrix of all rows is made once, and the rows without the target are taken out of it again.
    """
    columns = np.asarray(numbers)
    deviation_NM = (raw_NC[:, columns] - mean_C[columns]) / np.where(
        std_C[columns] > 0, std_C[columns], np.inf
    )
    missing_NM = np.isnan(deviation_NM)
    design_NM = np.column_stack([np.where(missing_NM, 0.0, deviation_NM), np.ones(len(raw_NC))])
    gram_MM = design_NM.T @ design_NM
    num_columns = raw_NC.shape[1]
    weight_CC, bias_C = np.zeros((num_columns, num_columns)), mean_C.copy()
    for target in targets:
        place = numbers.index(target)
        without = design_NM[missing_NM[:, place]]
        coefficients_M = _solve(gram_MM - without.T @ without, place) * std_C[target]
        weight_CC[columns, target] = coefficients_M[:-1]
        bias_C[target] += coefficients_M[-1]
    return weight_CC, bias_C


def _solve(gram_MM: np.ndarray, target: int) -> np.ndarray:
    """Ridge coefficients of the other columns for column `target`; the last, of ones, is not held back."""
    others = np.delete(np.arange(len(gram_MM)), target)
    penalty = np.full(len(others), _PENALTY * max(gram_MM[-1, -1], 1.0))
    penalty[-1] = 1e-12
    system = gram_MM[np.ix_(others, others)] + np.diag(penalty)
    coefficients_M = np.zeros(len(gram_MM))
    coefficients_M[others] = np.linalg.solve(system, gram_MM[others, target])
    return coefficients_M
