import numpy as np
import pytest
import torch

from assay.networks import MLP
from assay.training.fit import fit
from assay.training.trouble import dead_shares, optimisation_trouble

INPUTS = torch.randn(50, 4)


def names(history, network=None):
    return [trouble.name for trouble in optimisation_trouble(history, network or MLP(4, 2), INPUTS)]


def losses(*train, validation=()):
    records = [{"epoch": epoch + 1, "train_loss": loss} for epoch, loss in enumerate(train)]
    for record, loss in zip(records, validation, strict=False):
        record["validation_loss"] = loss
    return records


def test_a_good_training_has_no_trouble(moons, fresh):
    train, validation = moons
    training = fit(fresh(), train, validation=validation, epochs=100, patience=10, learning_rate=0.01)
    assert optimisation_trouble(training.history, training.network, torch.tensor(train[0]).float()) == []


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (losses(1.0, 0.9, 2.0, 0.7, 0.7, 0.7), ["explodes"]),
        (losses(0.7, 0.699, 0.698, 0.699, 0.698, 0.699), ["plateau"]),
        (losses(1.0, 0.8, 0.6, 0.5, 0.4, 0.3), ["still falling"]),
        (losses(1.0, 0.8, 0.6, 0.5, 0.4, 0.3, validation=(1, 0.9, 0.8, 0.9, 0.95, 1)), []),
        (losses(1.0, 0.8, 0.7, 0.7, 0.7, 0.6999), []),
        (losses(1.0, 0.9), []),
        ([], []),
    ],
)
def test_histories(history, expected):
    assert names(history) == expected


def test_the_reason_says_the_numbers():
    (trouble,) = optimisation_trouble(losses(1.0, 0.9, 2.5, 0.8), MLP(4, 2), INPUTS)
    assert trouble.because == "the training loss rose from 1 to 2.5 in epoch 3"


def test_dead_units_are_counted_by_layer():
    network = MLP(4, 2, (10, 8)).train()
    with torch.no_grad():
        network.body[2].bias[:6] = -1000.0
    first, second = dead_shares(network, INPUTS)
    assert first < 0.5
    assert second >= 6 / 8
    assert network.training
    (trouble,) = optimisation_trouble([], network, INPUTS)
    assert trouble.name == "dead units"
    assert "ReLU layer 2" in trouble.because


def test_a_network_without_relus_has_none():
    assert dead_shares(MLP(4, 2, (10,), activation="tanh"), INPUTS) == []
    assert np.isfinite(dead_shares(MLP(4, 2, (10,)), INPUTS)).all()
