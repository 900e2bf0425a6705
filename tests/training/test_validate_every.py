import pytest

from assay.training.fit import fit
from assay.training.optimizer import Schedule, make_optimizer
from assay.training.settings import TrainingSettings, resolve

CHOICES = {"learning_rate": 0.02, "batch_size": 64, "seed": 1}


def measured(training) -> list[int]:
    return [record["epoch"] for record in training.history if "validation_loss" in record]


def test_only_some_epochs_are_measured_and_the_last_is(moons, fresh):
    training = fit(fresh(), moons[0], validation=moons[1], epochs=8, validate_every=3, **CHOICES)
    assert measured(training) == [3, 6, 8] and training.best_epoch in {3, 6, 8}
    assert len(training.history) == 8


def test_measuring_changes_no_weights(moons, fresh, same):
    often, seldom = (
        fit(fresh(), moons[0], validation=moons[1], epochs=6, patience=0, validate_every=every, **CHOICES)
        for every in (1, 6)
    )
    losses = [[record["train_loss"] for record in training.history] for training in (often, seldom)]
    assert losses[0] == losses[1] and seldom.best_epoch == 6


def test_patience_counts_epochs(moons, fresh):
    choices = {**CHOICES, "learning_rate": 0.3, "epochs": 200, "patience": 6}
    training = fit(fresh(), moons[0], validation=moons[1], validate_every=2, **choices)
    last = training.history[-1]["epoch"]
    assert last - training.best_epoch == 6 and set(measured(training)) == set(range(2, last + 1, 2))


def test_a_plateau_is_seen_in_the_measured_epochs():
    settings, _ = resolve(TrainingSettings(schedule="plateau", learning_rate=0.1, validate_every=5), 100)
    optimizer = make_optimizer(fresh_line(), settings)
    schedule, rates = Schedule(optimizer, settings, num_steps=None), []
    for loss in [1.0, None, None, None, 1.0, None, 1.0]:
        schedule.after_epoch(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    assert rates == pytest.approx([0.1] * 6 + [0.03])


def fresh_line():
    from torch import nn

    return nn.Linear(2, 1)
