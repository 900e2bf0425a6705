"""Power laws that pass near a few measured errors: error(n) = a + b (n / N)^-c for n training rows.

Cortes, Jackel, Solla, Vapnik & Denker (1993) fit learning curves so; Hestness et al. (2017) find exponents
from 0.07 to 0.35 for large networks, and theory gives 0.5 to 1 for small ones.

Shapes: K points, G pairs (a, c) of a grid, T sizes of a training's noise, R curves that are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

EXPONENTS = np.linspace(0.1, 1.5, 15)
"""The exponents c that are taken for possible."""
_NUM_LEVELS = 400
_NOISES = np.geomspace(0.003, 0.1, 8)  # of a training (first weights, which rows), as a share of the error


@dataclass(frozen=True, eq=False)
class PowerLaws:
    """R curves, each as likely as the others.

    Attributes:
        level: (R,) the error a that no number of rows goes below.
        excess: (R,) what the error at N rows has above it, b.
        exponent: (R,) how fast that falls, c.
        rows: N, the most rows of a point.
    """

    level: np.ndarray
    excess: np.ndarray
    exponent: np.ndarray
    rows: int

    def error(self, num_rows: float) -> np.ndarray:
        """(R,) the errors at a number of training rows."""
        errors_R: np.ndarray = self.level + self.excess * (num_rows / self.rows) ** -self.exponent
        return errors_R

    def gain(self, times: float) -> np.ndarray:
        """(R,) what the error loses when there are `times` as many rows as N."""
        gains_R: np.ndarray = self.excess * (1.0 - times**-self.exponent)
        return gains_R


def power_laws(
    rows_K: np.ndarray,
    errors_K: np.ndarray,
    covariance_KK: np.ndarray,
    rng: np.random.Generator,
    num: int = 1000,
) -> PowerLaws:
    """Curves drawn in proportion to how likely they make the points.

    Four points cannot settle three numbers and the noise of a training besides. So no best fit is taken: of
    all curves with a, b >= 0 and a sane c, each is drawn as often as it deserves (normal noise; priors flat
    in a, in c, in what the first error has above a, and in the logarithm of the training's noise: Gelman et
    al. 2013, 3.2).

    Args:
        rows_K: (K,) training rows.
        errors_K: (K,) errors.
        covariance_KK: (K, K) of the errors, from the rows that they were measured on.
        rng: draws.
        num: R.
    """
    width = (errors_K.max() + 3.0 * float(np.sqrt(covariance_KK.diagonal().max()))) / _NUM_LEVELS
    level_G = np.repeat((np.arange(_NUM_LEVELS) + 0.5) * width, len(EXPONENTS))
    exponent_G = np.tile(EXPONENTS, _NUM_LEVELS)
    most = int(rows_K.max())
    fall_GK = (rows_K / most) ** -exponent_G[:, None]
    fits = [
        _excess(errors_K - level_G[:, None], fall_GK, covariance_KK + np.diag(np.square(noise * errors_K)))
        for noise in _NOISES
    ]
    excess_M, spread_M, likely_M = (np.concatenate(parts) for parts in zip(*fits, strict=True))
    likely_M += np.tile(np.log(fall_GK.max(axis=1)), len(_NOISES))
    weight_M = np.exp(likely_M - likely_M.max())
    drawn_R = rng.choice(len(weight_M), size=num, p=weight_M / weight_M.sum())
    level_R = level_G[drawn_R % len(level_G)] + width * (rng.random(num) - 0.5)
    excess_R = _above_zero(excess_M[drawn_R], spread_M[drawn_R], rng)
    return PowerLaws(level_R, excess_R, exponent_G[drawn_R % len(level_G)], most)


def _excess(
    above_GK: np.ndarray, fall_GK: np.ndarray, covariance_KK: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(G,) each: b by generalised least squares, its noise, the log-likelihood summed over all b >= 0."""
    from scipy.special import log_ndtr

    precision_KK = np.linalg.inv(covariance_KK)
    weighted_GK = fall_GK @ precision_KK
    spread_G = 1.0 / np.sqrt((weighted_GK * fall_GK).sum(axis=1))
    excess_G = (weighted_GK * above_GK).sum(axis=1) * np.square(spread_G)
    left_GK = above_GK - excess_G[:, None] * fall_GK
    misfit_G = ((left_GK @ precision_KK) * left_GK).sum(axis=1)
    density = -0.5 * float(np.linalg.slogdet(covariance_KK)[1])
    return excess_G, spread_G, density - misfit_G / 2.0 + np.log(spread_G) + log_ndtr(excess_G / spread_G)


def _above_zero(middle_R: np.ndarray, spread_R: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(R,) drawn from normal distributions cut at zero."""
    from scipy.special import ndtr, ndtri

    below_R = ndtr(-middle_R / spread_R)
    share_R = below_R + (1.0 - below_R) * rng.random(len(middle_R))
    drawn_R: np.ndarray = np.maximum(middle_R + spread_R * ndtri(np.minimum(share_R, 1.0 - 1e-12)), 0.0)
    return drawn_R
