"""The kinds of trouble; each draws a problem that is meant to have it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assay.networks.settings import NetworkSettings
from assay.training.settings import TrainingSettings
from suite import curves, rules
from suite.flipped import flipped, flipped_normal, grid
from suite.gaussians import gaussians
from suite.groups import Clouds
from suite.population import Population, Quantity
from suite.problem import Problem

Family = Callable[[np.random.Generator, int], Problem]
"""(random numbers, seed of the problem) -> problem."""


def _network(*hidden: int) -> NetworkSettings:
    return NetworkSettings(hidden=hidden, dropout=0.0)


def _training(epochs: int, learning_rate: float, **more: object) -> TrainingSettings:
    values = {"epochs": epochs, "learning_rate": learning_rate, "patience": 0, "weight_decay": 0.0}
    return TrainingSettings.checked(values | more)


_GOOD = {"schedule": "cosine", "weight_decay": 0.01, "batch_size": 64}


def gaussians_at_the_floor(rng: np.random.Generator, seed: int) -> Problem:
    """A network that is large enough, and rows enough."""
    num_classes, num_inputs = int(rng.choice([2, 2, 3, 5])), int(rng.integers(2, 6))
    population = gaussians(
        num_classes, num_inputs, rng.uniform(1.0, 1.8), rng, spread=float(rng.choice([1.0, 1.5]))
    )
    return Problem(
        "Gaussians at the floor", population, 10_000, 6_000, _network(16), _training(6, 0.01, **_GOOD), seed
    )


def flipped_at_the_floor(rng: np.random.Generator, seed: int) -> Problem:
    """Noise of the labels is all the error that is left."""
    rule, name = [(rules.halves, "halves"), (rules.quarters, "quarters"), (rules.ring, "ring")][
        rng.integers(3)
    ]
    population = flipped_normal(rule, 2, rng.uniform(0.15, 0.35), int(rng.integers(2, 5)), name)
    return Problem(
        "flipped labels at the floor",
        population,
        12_000,
        6_000,
        _network(24),
        _training(10, 0.01, **_GOOD),
        seed,
    )


def repeated_rows_at_the_floor(rng: np.random.Generator, seed: int) -> Problem:
    """Inputs on a grid, so that rows repeat with different labels."""
    num_classes = int(rng.choice([2, 3]))
    rule = rules.opposite_sectors(num_classes)
    inputs = grid(2, int(rng.integers(6, 14)))
    population = flipped(rule, num_classes, rng.uniform(0.2, 0.4), inputs, f"{num_classes} slices on a grid")
    return Problem(
        "repeated rows at the floor",
        population,
        12_000,
        6_000,
        _network(48, 48),
        _training(15, 0.01, **_GOOD),
        seed,
    )


def quantity_at_the_floor(rng: np.random.Generator, seed: int) -> Problem:
    """A curve that was learnt; what is left is the noise."""
    population = _curve(rng, noise=(0.8, 1.6), num_inputs=(2, 5), uneven=float(rng.choice([0.0, 0.5])))
    return Problem(
        "quantity at the floor", population, 6_000, 3_000, _network(32), _training(15, 0.01, **_GOOD), seed
    )


def too_small_for_classes(rng: np.random.Generator, seed: int) -> Problem:
    """No straight border, and none with a single bend, divides these classes."""
    rule, num_classes, name = [
        (rules.quarters, 2, "quarters"),
        (rules.ring, 2, "ring"),
        (rules.stripes, 2, "stripes"),
        (rules.opposite_sectors(3), 3, "opposite slices"),
    ][rng.integers(4)]
    population = flipped_normal(rule, num_classes, rng.uniform(0.05, 0.2), int(rng.integers(2, 7)), name)
    hidden = [(), (1,), (2,), (3,)][rng.integers(4)]
    return Problem(
        "too small for classes",
        population,
        _size(rng, 300, 3_000),
        1_000,
        _network(*hidden),
        _training(30, 0.01),
        seed,
    )


def too_small_for_a_quantity(rng: np.random.Generator, seed: int) -> Problem:
    """A plane where a curve would be needed."""
    population = _curve(rng, noise=(0.3, 0.8), num_inputs=(2, 7), bent=True)
    return Problem(
        "too small for a quantity",
        population,
        _size(rng, 300, 3_000),
        1_000,
        _network(*[(), (1,), (2,)][rng.integers(3)]),
        _training(40, 0.01),
        seed,
    )


def too_little_training(rng: np.random.Generator, seed: int) -> Problem:
    """The network could do it, but its steps are too few or too short."""
    population: Population
    if rng.random() < 0.5:
        rule, name = [(rules.quarters, "quarters"), (rules.ring, "ring"), (rules.stripes, "stripes")][
            rng.integers(3)
        ]
        population = flipped_normal(rule, 2, rng.uniform(0.05, 0.15), int(rng.integers(2, 5)), name)
    else:
        population = _curve(rng, noise=(0.3, 0.6), num_inputs=(2, 5), bent=True)
    epochs, learning_rate = int(rng.integers(2, 13)), 10 ** rng.uniform(-4.0, -3.0)
    return Problem(
        "too little training",
        population,
        _size(rng, 1_500, 4_000),
        1_500,
        _network(32, 32),
        _training(epochs, learning_rate, batch_size=64),
        seed,
    )


def too_large_for_classes(rng: np.random.Generator, seed: int) -> Problem:
    """Wide layers learn a few hundred noisy labels by heart, or are on their way to it."""
    num_inputs = int(rng.integers(8, 21))
    population: Population
    if rng.random() < 0.5:
        population = gaussians(int(rng.choice([2, 3, 5])), num_inputs, rng.uniform(1.5, 2.5), rng)
    else:
        population = flipped_normal(rules.halves, 2, rng.uniform(0.1, 0.25), num_inputs, "halves")
    return Problem(
        "too large for classes",
        population,
        _size(rng, 150, 900),
        800,
        _wide(rng),
        _training(_size(rng, 8, 60), 0.003),
        seed,
    )


def too_large_for_a_quantity(rng: np.random.Generator, seed: int) -> Problem:
    """Wide layers learn the noise of a few hundred values by heart, or are on their way to it."""
    population = _curve(rng, noise=(0.8, 1.5), num_inputs=(8, 16))
    return Problem(
        "too large for a quantity",
        population,
        _size(rng, 150, 800),
        800,
        _wide(rng),
        _training(_size(rng, 10, 80), 0.003),
        seed,
    )


def too_little_data(rng: np.random.Generator, seed: int) -> Problem:
    """A middling network and a few dozen rows of many inputs."""
    num_inputs = int(rng.integers(15, 31))
    population: Population
    if rng.random() < 0.5:
        population = gaussians(2, num_inputs, rng.uniform(2.0, 3.5), rng)
    else:
        population = _curve(rng, noise=(0.5, 1.0), num_inputs=(15, 31))
    return Problem(
        "too little data",
        population,
        _size(rng, 50, 250),
        500,
        _network(16),
        _training(_size(rng, 15, 100), 0.01),
        seed,
    )


def copied_rows(rng: np.random.Generator, seed: int) -> Problem:
    """Each training row stands there several times, as after over-sampling."""
    population = flipped_normal(rules.halves, 2, rng.uniform(0.1, 0.25), int(rng.integers(6, 13)), "halves")
    return Problem(
        "copied rows",
        population,
        _size(rng, 100, 300),
        800,
        _network(128, 128),
        _training(40, 0.003),
        seed,
        copies=int(rng.integers(3, 9)),
    )


def group_shift(rng: np.random.Generator, seed: int) -> Problem:
    """Few groups, each a small cloud: the network knows their places and no others."""
    num_inputs = int(rng.integers(8, 13))
    population: Population
    if rng.random() < 0.5:
        population = flipped_normal(rules.quarters, 2, rng.uniform(0.1, 0.2), num_inputs, "quarters")
    else:
        population = curves.quantity(curves.saddle, rng.uniform(0.4, 0.8), num_inputs, "a saddle")
    width = rng.uniform(0.15, 0.25)
    return Problem(
        "group shift",
        population,
        4_000,
        2_400,
        _network(64),
        _training(20, 0.01, **_GOOD),
        seed,
        groups=Clouds.of(int(rng.integers(15, 31)), num_inputs, width, rng),
        new_groups=Clouds.of(60, num_inputs, width, rng),
    )


def groups_alike(rng: np.random.Generator, seed: int) -> Problem:
    """Many wide groups and a network that is too small: the bias is there, and no mismatch."""
    num_inputs = 2
    population = flipped_normal(rules.quarters, 2, rng.uniform(0.05, 0.15), num_inputs, "quarters")
    return Problem(
        "groups alike",
        population,
        4_000,
        2_400,
        _network(),
        _training(10, 0.01, batch_size=64),
        seed,
        groups=Clouds.of(120, num_inputs, 0.8, rng),
        new_groups=Clouds.of(120, num_inputs, 0.8, rng),
    )


def _curve(
    rng: np.random.Generator,
    *,
    noise: tuple[float, float],
    num_inputs: tuple[int, int],
    uneven: float = 0.0,
    bent: bool = False,
) -> Quantity:
    known = [(curves.wave, "a wave"), (curves.saddle, "a saddle")]
    width = int(rng.integers(*num_inputs))
    if not bent:
        known.append((curves.plane, "a plane"))
    if width >= 5:
        known.append((curves.friedman, "five terms"))
    curve, name = known[rng.integers(len(known))]
    return curves.quantity(curve, rng.uniform(*noise), width, name, uneven=uneven)


def _wide(rng: np.random.Generator) -> NetworkSettings:
    width = int(rng.choice([64, 128, 256]))
    return _network(width, width)


def _size(rng: np.random.Generator, low: int, high: int) -> int:
    """Between low and high, small numbers as often as large ones: uniform on the logarithm."""
    return int(np.exp(rng.uniform(np.log(low), np.log(high))))


FAMILIES: tuple[Family, ...] = (
    gaussians_at_the_floor,
    flipped_at_the_floor,
    repeated_rows_at_the_floor,
    quantity_at_the_floor,
    too_small_for_classes,
    too_small_for_a_quantity,
    too_little_training,
    too_large_for_classes,
    too_large_for_a_quantity,
    too_little_data,
    copied_rows,
    group_shift,
    groups_alike,
)
