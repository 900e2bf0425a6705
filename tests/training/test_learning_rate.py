import numpy as np
import pytest
import torch

from assay.core.errors import RecipeError
from assay.networks import MLP
from assay.training.fit import fit
from assay.training.learning_rate import find_learning_rate
from assay.training.settings import TrainingSettings


def test_the_network_and_the_callers_generator_stay(moons, fresh, same):
    network = fresh()
    before = torch.get_rng_state()
    rate = find_learning_rate(network, moons[0])
    assert same(network, fresh())
    torch.set_rng_state(before)
    assert find_learning_rate(network, moons[0]) == rate  # the same seed gives the same answer


def test_it_trains_about_as_well_as_the_best_of_a_grid(moons, fresh):
    train, validation = moons

    def lowest(rate: float) -> float:
        history = fit(fresh(), train, validation=validation, epochs=10, learning_rate=rate).history
        return min(record["validation_loss"] for record in history)

    best = min(lowest(rate) for rate in (1e-4, 1e-3, 1e-2, 1e-1))
    worst = max(lowest(rate) for rate in (1e-5, 1.0))
    found = lowest(find_learning_rate(fresh(), train))
    assert found - best < 0.25 * (worst - best)


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_scaling_the_loss_moves_the_rate_of_sgd_only(line, optimizer):
    inputs, targets = line
    torch.manual_seed(0)
    network = MLP(2, 1)
    settings = TrainingSettings(optimizer=optimizer, momentum=0, loss="mse")
    rate = find_learning_rate(network, (inputs, targets), settings=settings)
    steep = find_learning_rate(network, (10 * inputs, targets), settings=settings)
    assert steep < 0.1 * rate if optimizer == "sgd" else rate == pytest.approx(steep, rel=100)


def test_a_few_rows_whose_targets_are_far_off_do_not_end_it_early():
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((2000, 3))
    targets = inputs[:, 0] + 5 * (rng.random(2000) < 0.01) * rng.standard_normal(2000)
    network = MLP(3, 1, (16,))
    rates = [find_learning_rate(network, (inputs, targets), seed=seed) for seed in range(5)]
    assert min(rates) > 1e-4
    assert max(rates) < 30 * min(rates)


def test_the_schedule_has_no_say_and_settings_are_checked(moons, fresh):
    chosen = TrainingSettings(schedule="onecycle", learning_rate=1e-9)
    assert find_learning_rate(fresh(), moons[0], settings=chosen) == find_learning_rate(fresh(), moons[0])
    with pytest.raises(RecipeError, match="no classes"):
        find_learning_rate(
            MLP(2, 1), (np.ones((9, 2)), np.ones(9)), settings=TrainingSettings(label_smoothing=0.1)
        )
