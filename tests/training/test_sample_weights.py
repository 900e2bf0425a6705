import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from assay.core.errors import RecipeError
from assay.networks import MLP
from assay.training.drawing import draw
from assay.training.fit import fit


def counts(weights, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.bincount(draw(torch.tensor(weights, dtype=torch.float64), generator), minlength=len(weights))


def test_equal_weights_draw_each_row_once():
    assert counts([2.0] * 1000).tolist() == [1] * 1000


def test_draws_are_as_frequent_as_the_weights_say_and_differ_by_less_than_one():
    weights = np.random.default_rng(0).exponential(size=500)
    wanted = torch.tensor(weights / weights.mean())
    found = torch.stack([counts(weights, seed) for seed in range(300)]).double()
    assert ((found - wanted).abs() < 1).all()
    torch.testing.assert_close(found.mean(dim=0), wanted, atol=0.15, rtol=0)
    assert (found.sum(dim=1) == 500).all()


def test_rows_without_weight_are_never_drawn():
    for seed in range(20):
        found = counts([0.0, 1.0, 0.0, 0.3, 0.0], seed)
        assert found[[0, 2, 4]].sum() == 0


def test_a_network_learns_the_rows_that_count():
    inputs = np.zeros((200, 1))
    targets = np.repeat([0.0, 1.0], 100)
    network = MLP(1, 1)
    weights = np.repeat([1.0, 3.0], 100)
    fit(network, (inputs, targets), sample_weights=weights, epochs=200, learning_rate=0.01, weight_decay=0)
    assert network(torch.zeros(1, 1)).item() == pytest.approx(0.75, abs=0.02)


def test_the_same_seed_and_a_resumed_training_draw_the_same(moons, fresh, same, tmp_path):
    train, validation = moons
    weights = np.linspace(0.1, 1, 400)

    def trained(folder, epochs, resume=False):
        return fit(
            fresh(),
            train,
            validation=validation,
            sample_weights=weights,
            epochs=epochs,
            folder=folder,
            resume=resume,
        ).network

    whole = trained(tmp_path / "a", 4)
    assert same(whole, trained(tmp_path / "b", 4))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, 2.0], r"shape \(2,\) for 400 training rows"),
        ([-1.0] * 400, "at least 0"),
        ([0.0] * 400, "above 0"),
        ([float("nan")] * 400, "at least 0"),
        (["a"] * 400, "one number for each training row"),
    ],
)
def test_weights_that_are_none(moons, fresh, weights, message):
    with pytest.raises(RecipeError, match=message):
        fit(fresh(), moons[0], sample_weights=weights)


def test_a_loader_has_a_sampler_of_its_own(moons, fresh):
    inputs, targets = (torch.tensor(values) for values in moons[0])
    loader = DataLoader(TensorDataset(inputs.float(), targets), batch_size=32)
    with pytest.raises(RecipeError, match="sampler"):
        fit(fresh(), loader, sample_weights=[1.0] * 400)
