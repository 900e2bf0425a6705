"""Power laws through a few errors."""

import numpy as np
import pytest

from assay.diagnosis.power_law import PowerLaws, power_laws

ROWS = np.array([500.0, 1000.0, 2000.0, 4000.0])


def drawn(errors: np.ndarray, noise: float = 1e-4, num: int = 1000) -> PowerLaws:
    """Curves through errors whose rows' noise is this share of them, the same at each size."""
    covariance = np.square(noise * errors.mean()) * (np.ones((4, 4)) + 0.01 * np.eye(4))
    return power_laws(ROWS, errors, covariance, np.random.default_rng(0), num)


@pytest.mark.parametrize(
    ("level", "excess", "exponent"), [(0.1, 0.02, 0.5), (60.0, 15.0, 0.8), (0.3, 0.05, 0.3)]
)
def test_the_true_curve_lies_among_those_drawn(level, excess, exponent):
    laws = drawn(level + excess * (ROWS / 4000.0) ** -exponent)
    low, high = np.quantile(laws.error(16_000), [0.025, 0.975])
    assert low <= level + excess * 4.0**-exponent <= high
    low, high = np.quantile(laws.gain(4), [0.025, 0.975])
    assert low <= excess * (1.0 - 4.0**-exponent) <= high


def test_no_curve_rises_or_goes_below_zero():
    laws = drawn(np.array([0.2, 0.21, 0.19, 0.22]), noise=0.05)
    assert (laws.excess >= 0.0).all()
    assert (laws.level >= 0.0).all()
    assert (laws.gain(4) >= 0.0).all()


def test_a_flat_curve_promises_nothing():
    laws = drawn(np.full(4, 0.2))
    assert np.quantile(laws.gain(4), 0.025) < 0.0005
    assert np.median(laws.gain(4)) < 0.003


def test_equal_in_every_unit():
    errors = np.array([0.3, 0.27, 0.25, 0.24])
    one, thousand = drawn(errors), drawn(1000.0 * errors)
    assert np.quantile(1000.0 * one.gain(4), [0.1, 0.5, 0.9]) == pytest.approx(
        np.quantile(thousand.gain(4), [0.1, 0.5, 0.9])
    )


def test_the_interval_of_the_gain_holds_the_truth_in_19_of_20_curves():
    hits = []
    for seed in range(60):
        rng = np.random.default_rng(10_000 + seed)
        level, exponent = rng.uniform(0.02, 0.4), rng.uniform(0.1, 1.2)
        excess = level * rng.choice([0.02, 0.1, 0.3]) * rng.uniform(0.5, 1.5)
        errors = level + excess * (ROWS / 4000.0) ** -exponent
        errors = errors * (1.0 + rng.choice([0.005, 0.01, 0.03]) * rng.standard_normal(4))
        low, high = np.quantile(drawn(errors).gain(4), [0.025, 0.975])
        hits.append(low <= excess * (1.0 - 4.0**-exponent) <= high)
    assert np.mean(hits) >= 0.9
