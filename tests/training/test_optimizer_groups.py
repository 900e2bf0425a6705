import pytest
import torch
from torch import nn

from assay.training.optimizer import Schedule, make_optimizer, set_learning_rate
from assay.training.settings import TrainingSettings, resolve


def optimizer(**choices) -> torch.optim.Optimizer:
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4, 2))
    settings, _ = resolve(TrainingSettings(learning_rate=0.1, weight_decay=0.01, **choices), 100)
    return make_optimizer(network, settings)


@pytest.mark.parametrize("name", ["sgd", "rmsprop", "adam", "adamw"])
def test_one_group_unless_asked(name):
    (group,) = optimizer(optimizer=name).param_groups
    assert group["lr"] == 0.1 and group["weight_decay"] == 0.01 and len(group["params"]) == 6


def test_biases_have_their_own_rate_and_the_same_pull():
    weights, biases = optimizer(bias_rate=64).param_groups
    assert (weights["lr"], biases["lr"]) == pytest.approx((0.1, 6.4))
    assert biases["lr"] * biases["weight_decay"] == pytest.approx(weights["lr"] * weights["weight_decay"])
    assert [len(group["params"]) for group in (weights, biases)] == [3, 3]


def test_biases_and_scales_need_not_decay():
    groups = optimizer(decay_biases=False, bias_rate=2).param_groups
    assert sorted((len(group["params"]), group["lr"], group["weight_decay"]) for group in groups) == [
        (1, 0.1, 0.0),
        (2, 0.1, 0.01),
        (3, 0.2, 0.0),
    ]
    assert groups[0]["lr"] == 0.1  # the rate that the history tells


def test_nesterov_reaches_the_optimizer():
    assert optimizer(optimizer="sgd", nesterov=True).param_groups[0]["nesterov"]


@pytest.mark.parametrize("schedule", ["onecycle", "triangle", "cosine"])
def test_schedules_keep_the_proportion(schedule):
    made = optimizer(bias_rate=64)
    settings, _ = resolve(TrainingSettings(schedule=schedule, learning_rate=0.1, epochs=4, warmup=0.25), 100)
    plan, rates = Schedule(made, settings, num_steps=10), []
    for _ in range(40):
        weights, biases = made.param_groups
        rates.append(weights["lr"])
        assert biases["lr"] == pytest.approx(64 * weights["lr"])
        made.step()
        plan.after_step()
    assert max(rates) == pytest.approx(0.1, rel=0.05)
    if schedule != "cosine":
        assert rates.index(max(rates)) == 9
    if schedule == "triangle":
        steps = torch.tensor(rates[10:]).diff()
        assert torch.allclose(steps, steps[0].expand_as(steps), atol=1e-6)


def test_a_set_rate_keeps_the_proportion():
    made = optimizer(bias_rate=64)
    set_learning_rate(made, 0.5)
    assert [group["lr"] for group in made.param_groups] == [0.5, 32.0]
