"""How many consecutive rows a block must hold for its neighbours to count as independent of it.

Shapes: N rows in the order of time.
"""

from __future__ import annotations

import math

import numpy as np


def block_length(losses_N: np.ndarray) -> int:
    """The length of a circular bootstrap's blocks that makes the noise of a mean of losses most accurate.

    The automatic rule of Politis & White (2004) as corrected by Patton, Politis & White (2009): the longer
    neighbours stay correlated, the longer the blocks. At least N^(1/3), the order that is best in theory
    (Künsch 1989), since a few rows can hide their correlation; at most a third of the rows.
    """
    num_rows = len(losses_N)
    least = math.ceil(math.cbrt(num_rows) - 1e-9)
    most = max(1, math.ceil(min(3.0 * math.sqrt(num_rows), num_rows / 3)))
    covariances = _autocovariances(losses_N)
    if not covariances[0] > 0.0:
        return min(least, most)
    num_lags = _lags_that_matter(covariances)
    lags = np.arange(1, num_lags + 1)
    # The flat-top window: whole up to half of the lags, then falling to zero.
    weighted = np.minimum(1.0, 2.0 * (1.0 - lags / num_lags)) * covariances[lags]
    spectrum = covariances[0] + 2.0 * weighted.sum()  # at frequency zero: the long-run variance
    slope = 2.0 * (lags * weighted).sum()
    if not spectrum > 0.0:
        return min(least, most)
    optimal = math.cbrt(1.5 * (slope / spectrum) ** 2 * num_rows)
    return min(max(math.ceil(optimal), least), most)


def _autocovariances(losses_N: np.ndarray) -> np.ndarray:
    """At lags 0 to N-1, by the Fourier transform: N log N, not N^2."""
    num_rows = len(losses_N)
    spectrum = np.fft.rfft(losses_N - losses_N.mean(), 2 * num_rows)
    covariances: np.ndarray = np.fft.irfft(np.abs(spectrum) ** 2, 2 * num_rows)[:num_rows] / num_rows
    # What rounding leaves of a constant is no correlation.
    return covariances if covariances[0] > 1e-24 * np.square(losses_N).mean() else np.zeros(num_rows)


def _lags_that_matter(covariances_N: np.ndarray) -> int:
    """Twice the lag after which a run of autocorrelations can't be told from noise."""
    num_rows = len(covariances_N)
    digits = math.log10(num_rows)
    run = max(5, math.ceil(math.sqrt(digits)))
    most = min(math.ceil(math.sqrt(num_rows)) + run, num_rows - 1)
    noise = 2.0 * math.sqrt(digits / num_rows)
    is_noise = np.abs(covariances_N[1:] / covariances_N[0]) < noise
    last = next((lag for lag in range(most) if is_noise[lag : lag + run].all()), most)
    return min(2 * max(last, 1), most)
