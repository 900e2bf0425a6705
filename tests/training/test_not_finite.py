import copy

import numpy as np
import pytest
import torch
from torch import nn

from assay.core.errors import TrainingError
from assay.networks import MLP
from assay.training.checkpoint import read_checkpoint
from assay.training.fit import fit
from assay.training.not_finite import NotFiniteError
from assay.training.running_loss import RunningLoss


class Breaks(nn.Module):
    """A linear model whose outputs are no numbers from one training step on."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.line, self.step, self.calls = nn.Linear(2, 1), step, 0

    def forward(self, x):
        self.calls += self.training
        return self.line(x) * (float("nan") if self.calls >= self.step else 1.0)


def test_it_says_where_and_what_to_try_and_keeps_the_best(line, tmp_path):
    network = Breaks(step=25)  # 10 steps an epoch: the 5th of the third
    with pytest.raises(TrainingError) as caught:
        fit(network, line, validation=line, epochs=9, batch_size=30, folder=tmp_path, learning_rate=0.02)
    message = str(caught.value)
    assert "became nan in epoch 3, step 5 of 10, with adamw at learning rate 0.02" in message
    assert "the weights of epoch 2 are kept in checkpoint.pt" in message
    assert "training.learning_rate = 0.001" in message and "clip_norm" in message
    good = fit(Breaks(step=999), line, validation=line, epochs=2, batch_size=30, learning_rate=0.02)
    assert np.isfinite(good.history[-1]["validation_loss"])
    assert all(bool(torch.isfinite(weight).all()) for weight in network.parameters())
    state = read_checkpoint(tmp_path / "checkpoint.pt")
    assert state["epoch"] == state["best"]["epoch"] == 2
    assert all(bool(torch.isfinite(weight).all()) for weight in state["network"].values())


def test_the_weights_of_the_best_epoch_come_back(line, same):
    torch.manual_seed(0)
    broken = Breaks(step=25)
    torch.manual_seed(0)
    whole = Breaks(step=999)
    with pytest.raises(TrainingError):
        fit(broken, line, validation=line, epochs=9, batch_size=30)
    fit(whole, line, validation=line, epochs=2, batch_size=30)
    assert same(broken, whole)


def test_a_learning_rate_that_explodes(line):
    inputs, targets = line
    with pytest.raises(TrainingError, match=r"epoch \d+, step \d+ of \d+, with sgd at learning rate 100"):
        fit(MLP(2, 1, (16,)), (inputs, targets * 1e3), optimizer="sgd", learning_rate=100, epochs=50)


def test_when_no_epoch_was_good_nothing_is_said_to_be_kept(line, same, tmp_path):
    torch.manual_seed(0)
    network = MLP(2, 1, (16,))
    first = copy.deepcopy(network)
    with pytest.raises(TrainingError) as caught:
        fit(network, line, validation=line, optimizer="sgd", learning_rate=1e9, folder=tmp_path)
    assert "in epoch 1" in str(caught.value) and "nothing is kept" in str(caught.value)
    assert "training.learning_rate = 0.05" in caught.value.hint  # a tenth of 1e9 would be no advice
    assert same(network, first)
    assert not (tmp_path / "checkpoint.pt").exists()


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_a_last_step_that_blows_up_without_validation_rows(line, optimizer):
    """The loss of the only step is that of the first weights: finite."""
    network = MLP(2, 1)
    with pytest.raises(TrainingError, match=r"weights grew beyond all bounds in epoch 1, step 1 of 1"):
        fit(network, line, epochs=1, batch_size=300, optimizer=optimizer, learning_rate=2e38)
    assert all(bool((weight.abs() < 10).all()) for weight in network.parameters())


def test_the_last_good_epoch_is_on_disk_however_seldom_it_is_written(line, tmp_path, monkeypatch):
    monkeypatch.setattr("assay.training.checkpoint._MAX_SHARE", 1e-9)  # once, and then never again in time
    with pytest.raises(TrainingError, match="the weights of epoch 4 are kept"):
        fit(Breaks(step=45), line, epochs=9, batch_size=30, folder=tmp_path)
    state = read_checkpoint(tmp_path / "checkpoint.pt")
    assert state["epoch"] == 4 and len(state["history"]) == 4
    assert all(bool(torch.isfinite(weight).all()) for weight in state["network"].values())
    again = fit(Breaks(step=999), line, epochs=9, batch_size=30, folder=tmp_path, resume=True)
    whole = fit(Breaks(step=999), line, epochs=9, batch_size=30)
    assert len(again.history) == 9 == len(whole.history)


def test_only_the_validation_loss_is_not_finite(line):
    class OnlyTraining(nn.Linear):
        def forward(self, x):
            out = super().forward(x)
            return out if self.training or len(x) <= 8 else out * float("inf")

    with pytest.raises(TrainingError, match="epoch 1, the validation rows"):
        fit(OnlyTraining(2, 1), line, validation=line, epochs=3)


@pytest.mark.parametrize("bad", [1, 99, 100, 101, 250])
def test_the_step_is_counted_right(bad):
    running = RunningLoss()
    with pytest.raises(NotFiniteError) as caught:
        for step in range(1, 251):
            running.add(torch.tensor(float("inf") if step == bad else 1.0), 3)
        running.mean()
    assert caught.value.step == bad


def test_the_mean_is_over_rows_and_not_over_batches():
    running = RunningLoss()
    for step in range(150):
        running.add(torch.tensor(1.0 if step else 7.0), 2 if step else 8)
    assert running.mean() == pytest.approx((149 * 2 * 1.0 + 8 * 7.0) / (149 * 2 + 8))
