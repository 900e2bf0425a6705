"""What people said: shares of people who said each class, or several people's answers.

Shapes: N rows, K classes, A people.
"""

from __future__ import annotations

import math

import numpy as np

from assay.core.numbers import number
from assay.diagnosis.floor.bounds import cover_hart
from assay.diagnosis.floor.estimate import Estimate

_Z = 1.96
_FEWEST = 30  # rows; fewer say nothing of the others
SOFT, REPEATED = "soft labels", "repeated labels"


def soft_label_floor(soft_NK: np.ndarray, class_N: np.ndarray) -> Estimate | None:
    """The error rate that remains when every row is given its most probable class.

    If the shares are the probabilities of the classes, it is the mean of 1 - the largest one (Ishida et al.
    2023, for two classes: of min(p, 1 - p)), unbiased and without any model. People are seldom calibrated, so
    the shares are first turned into frequencies of the hard labels by isotonic regression (Zadrozny & Elkan
    2002), which keeps their order, as Ushio et al. (2025) propose; for more than two classes one after the
    other, made to sum to one. The interval holds both answers' noise, as that of a share of N rows.

    Assumes that the shares rank the rows as the probabilities do, given the same inputs: people who see more
    than the inputs can be better than any model of them.

    Args:
        soft_NK: shares; rows with a missing one are left out.
        class_N: hard labels, drawn independently of the shares.
    """
    known_N = np.isfinite(soft_NK).all(axis=1)
    soft_NK, class_N = soft_NK[known_N], class_N[known_N]
    if len(class_N) < _FEWEST:
        return None
    value = _left(_calibrated(soft_NK, class_N))
    noise = _Z * math.sqrt(max(value * (1.0 - value), 1.0 / len(class_N)) / len(class_N))
    because = (
        f"the shares of people, calibrated on {len(class_N):,} rows, leave {number(value)} "
        f"(uncalibrated {number(_left(soft_NK))}; assumes that people saw what the inputs say)"
    )
    return Estimate(SOFT, max(value - noise, 0.0), value + noise, value, because)


def _left(p_NK: np.ndarray) -> float:
    return float(1.0 - p_NK.max(axis=1).mean())


def _calibrated(soft_NK: np.ndarray, class_N: np.ndarray) -> np.ndarray:
    from sklearn.isotonic import IsotonicRegression

    def frequency(k: int) -> np.ndarray:
        model = IsotonicRegression(y_min=0.0, y_max=1.0)
        return np.asarray(model.fit_transform(soft_NK[:, k], (class_N == k).astype(np.float64)))

    if soft_NK.shape[1] == 2:
        second_N = frequency(1)
        return np.column_stack([1.0 - second_N, second_N])
    p_NK = np.column_stack([frequency(k) for k in range(soft_NK.shape[1])])
    total_N1 = p_NK.sum(axis=1, keepdims=True)
    return np.where(total_N1 > 0.0, p_NK / np.where(total_N1 > 0.0, total_N1, 1.0), 1.0 / p_NK.shape[1])


def repeated_label_floor(answers_NA: np.ndarray, is_class: bool, num_classes: int) -> Estimate | None:
    """The error rate or RMSE of the best answer, from several people's answers to each row.

    A row's shares of few answers look more certain than they are: of m answers, the minority's share is too
    low on average. The truth lies between two answers whose bias is known: from below, two answers differ
    with a chance d that is estimated without bias, and the bound of Cover & Hart (1967) applies, since both
    are about the same row; from above, the majority of the others errs on each answer. For a quantity the
    variance within the rows, with its k / (k - 1), is the noise's.

    Assumes that people answer independently and that the target is one more such answer.

    Args:
        answers_NA: the target and other people's answers, NaN where there is none.
        is_class: whether they are class numbers.
        num_classes: K.
    """
    answers_NA = answers_NA[np.isfinite(answers_NA).sum(axis=1) > 1]
    if len(answers_NA) < _FEWEST:
        return None
    low, value, high = _of_classes(answers_NA, num_classes) if is_class else _of_values(answers_NA)
    because = (
        f"people disagree about {len(answers_NA):,} rows so far that {number(value)} remains "
        "(assumes independent answers, of which the target is one)"
    )
    return Estimate(REPEATED, low, high, value, because)


def _of_classes(answers_NA: np.ndarray, num_classes: int) -> tuple[float, float, float]:
    counts_NK = np.stack([(answers_NA == k).sum(axis=1) for k in range(num_classes)], axis=1)
    size_N = counts_NK.sum(axis=1)
    differ_N = 1.0 - (np.square(counts_NK) - counts_NK).sum(axis=1) / (size_N * (size_N - 1.0))
    d, d_noise = float(differ_N.mean()), _Z * float(differ_N.std()) / math.sqrt(len(size_N))
    minority = float((1.0 - counts_NK.max(axis=1) / size_N).mean())
    below = max(cover_hart(d, num_classes), minority)
    # Each answer against the majority of the others, who draw lots where they are divided.
    others_NKK = counts_NK[:, None, :] - np.eye(num_classes)[None]
    winners_NKK = others_NKK == others_NKK.max(axis=2, keepdims=True)
    right_NK = np.einsum("nkk->nk", winners_NKK) / winners_NKK.sum(axis=2)
    wrong_N = 1.0 - (counts_NK * right_NK).sum(axis=1) / size_N
    above, noise = float(wrong_N.mean()), _Z * float(wrong_N.std()) / math.sqrt(len(size_N))
    low = max(cover_hart(max(d - d_noise, 0.0), num_classes), minority - noise, 0.0)
    return min(low, below), (below + max(above, below)) / 2.0, max(above, below) + noise


def _of_values(answers_NA: np.ndarray) -> tuple[float, float, float]:
    variance_N = np.nanvar(answers_NA, axis=1, ddof=1)
    mean, noise = float(variance_N.mean()), _Z * float(variance_N.std()) / math.sqrt(len(variance_N))
    return math.sqrt(max(mean - noise, 0.0)), math.sqrt(mean), math.sqrt(mean + noise)
