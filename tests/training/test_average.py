import pytest
import torch
from torch import nn

from assay.core.errors import RecipeError
from assay.networks import MLP
from assay.training.average import Average
from assay.training.fit import fit
from assay.training.settings import TrainingSettings


def test_the_mean_follows_the_weights():
    network = nn.Linear(2, 1)
    average, wanted = Average(network, 0.9), network.weight.detach().clone()
    for step in range(1, 200):
        nn.init.constant_(network.weight, step)
        average.after_step()
        decay = min(0.9, (1 + step) / (10 + step))
        wanted = decay * wanted + (1 - decay) * step
    with average.in_network():
        assert torch.allclose(network.weight, wanted)
    assert (network.weight == 199).all()


def test_statistics_are_averaged_and_counts_are_not():
    network = nn.BatchNorm1d(3)
    average = Average(network, 0.5)
    network(torch.randn(50, 3) + 8)
    average.after_step()
    own = network.running_mean.clone()
    with average.in_network():
        assert 0 < float(network.running_mean.mean()) < 8 * 0.1 + 0.1
        assert not torch.equal(network.running_mean, own)
        assert int(network.num_batches_tracked) == 1
    assert torch.equal(network.running_mean, own)


def test_the_mean_is_measured_and_kept(moons, fresh, same):
    choices = {"epochs": 4, "learning_rate": 0.05, "batch_size": 32, "seed": 3}
    live = []

    class Note:
        def on_epoch_end(self, trainer, record):
            live.append({name: value.clone() for name, value in trainer.network.state_dict().items()})

    training = fit(fresh(), moons[0], **choices, ema=0.95, hooks=[Note()])
    plain = fit(fresh(), moons[0], **choices)
    assert all(torch.equal(value, plain.network.state_dict()[name]) for name, value in live[-1].items())
    assert not same(training.network, plain.network)
    measured = fit(fresh(), moons[0], validation=moons[1], **choices, ema=0.95)
    outputs = measured.network(torch.tensor(moons[1][0]).float())
    loss = nn.functional.cross_entropy(outputs, torch.tensor(moons[1][1]))
    best = measured.history[measured.best_epoch - 1]["validation_loss"]
    assert float(loss.detach()) == pytest.approx(best, rel=1e-5)


def test_a_mean_is_smoother_where_the_rate_is_high(moons, fresh):
    choices = {"epochs": 20, "learning_rate": 0.1, "batch_size": 32, "seed": 3, "patience": 0}
    plain, mean = (fit(fresh(), moons[0], validation=moons[1], ema=ema, **choices) for ema in (0.0, 0.99))
    jumps = [
        torch.tensor([record["validation_loss"] for record in training.history[8:]]).diff().abs().mean()
        for training in (plain, mean)
    ]
    assert jumps[1] < 0.5 * jumps[0]


def test_impossible_decays_are_refused(moons, fresh):
    with pytest.raises(RecipeError, match="ema = 1"):
        fit(fresh(), moons[0], ema=1.0)
    assert TrainingSettings().ema == 0 and MLP(2, 1) is not None
