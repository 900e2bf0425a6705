import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from assay.core.errors import RecipeError
from assay.networks import MLP, TabM
from assay.training.fit import fit
from assay.training.settings import TrainingSettings
from assay.training.stacked_adam import StackedAdam
from assay.training.stacked_mlps import StackedMLPs, can_stack
from assay.training.together import fit_together


def networks_of(num_runs=4, dropouts=(0.0,), **choices):
    torch.manual_seed(5)
    return [MLP(4, 2, (16, 8), dropout=dropouts[run % len(dropouts)], **choices) for run in range(num_runs)]


CHOICES = {
    "rates and decays": [
        TrainingSettings(epochs=15, learning_rate=rate, weight_decay=decay)
        for rate, decay in [(0.001, 0.0), (0.01, 0.1), (0.03, 0.01), (0.003, 0.5)]
    ],
    "adam": [TrainingSettings(epochs=8, optimizer="adam", weight_decay=0.01)] * 4,
    "schedules": [
        TrainingSettings(epochs=epochs, schedule=name, learning_rate=0.02, patience=5)
        for name, epochs in [("onecycle", 9), ("cosine", 6), ("plateau", 20), ("step", 7)]
    ],
    "patience": [
        TrainingSettings(epochs=60, patience=patience, learning_rate=0.05) for patience in (1, 3, 2, 5)
    ],
    "smoothing": [TrainingSettings(epochs=5, label_smoothing=0.2)] * 4,
}


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("class_weights", [None, [1.0, 2.0]], ids=["equal", "weighted"])
def test_each_run_is_the_one_that_fit_makes(moons, name, class_weights):
    train, validation = moons
    settings, seeds = CHOICES[name], [0, 1, 2, 3]
    together = fit_together(
        networks_of(),
        train,
        validation=validation,
        settings=settings,
        seeds=seeds,
        class_weights=class_weights,
    )
    for run, alone in enumerate(networks_of()):
        expected = fit(
            alone,
            train,
            validation=validation,
            settings=settings[run],
            seed=seeds[run],
            class_weights=class_weights,
        )
        found = together[run]
        assert found.stopped == expected.stopped
        assert found.best_epoch == expected.best_epoch
        assert found.settings == expected.settings
        assert found.reasons == expected.reasons
        assert [set(record) for record in found.history] == [set(record) for record in expected.history]
        for key in ("train_loss", "validation_loss", "learning_rate"):
            one, other = ([record[key] for record in training.history] for training in (found, expected))
            assert one == pytest.approx(other, rel=2e-3)
        for one, other in zip(found.network.parameters(), alone.parameters(), strict=True):
            torch.testing.assert_close(one, other, atol=2e-3, rtol=2e-2)
        assert not found.network.training


def test_quantities_and_no_validation_rows(line):
    torch.manual_seed(0)
    networks = [MLP(2, 1, (8,)) for _ in range(3)]
    settings = [TrainingSettings(epochs=40, learning_rate=0.03)] * 3
    for training in fit_together(networks, line, settings=settings, seeds=[0, 1, 2]):
        assert training.best_epoch == 40
        assert training.history[-1]["train_loss"] < 0.05


def test_dropout_is_each_runs_own_and_its_mean_is_exact():
    networks = [MLP(3, 1, (2000,), dropout=share) for share in (0.0, 0.25, 0.5)]
    stack = StackedMLPs(networks)
    torch.manual_seed(0)
    dropped = stack._dropped(torch.ones(3, 50, 2000))
    assert (dropped[0] == 1).all()
    for run, share in [(1, 0.25), (2, 0.5)]:
        assert (dropped[run] == 0).double().mean().item() == pytest.approx(share, abs=0.01)
        assert dropped[run].mean().item() == pytest.approx(1, abs=0.01)
    x = torch.randn(20, 3)
    outputs = stack.forward(x.expand(3, 20, 3), training=False)
    for output, network in zip(outputs, networks, strict=True):
        torch.testing.assert_close(output, network.eval()(x))


def test_the_same_runs_again_are_bit_identical(moons, same):
    def made():
        settings = [TrainingSettings(epochs=5)] * 4
        networks = networks_of(dropouts=(0.1, 0.3))
        return fit_together(networks, moons[0], validation=moons[1], settings=settings, seeds=[3, 1, 2, 0])

    first, second = made(), made()
    for one, other in zip(first, second, strict=True):
        assert same(one.network, other.network)


def test_the_callers_generator_stays(moons):
    networks = networks_of(2, dropouts=(0.3,))
    before = torch.get_rng_state()
    fit_together(networks, moons[0], settings=[TrainingSettings(epochs=2)] * 2, seeds=[0, 1])
    assert torch.equal(torch.get_rng_state(), before)


def test_a_run_that_explodes_does_not_end_the_others(line):
    torch.manual_seed(0)
    networks = [MLP(2, 1, (8,)) for _ in range(3)]
    rates = (0.01, 1e38, 0.01)
    settings = [TrainingSettings(epochs=10, learning_rate=rate) for rate in rates]
    found = fit_together(networks, line, validation=line, settings=settings, seeds=[0, 1, 2])
    assert "not finite" in found[1].stopped
    assert all(torch.isfinite(weight).all() for weight in found[1].network.parameters())
    assert [len(training.history) for training in (found[0], found[2])] == [10, 10]


def test_time_ends_all_of_them(moons):
    settings = [TrainingSettings(epochs=100_000, patience=0, max_seconds=0.5)] * 4
    found = fit_together(networks_of(), moons[0], validation=moons[1], settings=settings, seeds=range(4))
    assert all(training.can_go_on for training in found)
    assert all(training.seconds < 5 for training in found)


@pytest.mark.parametrize("what", ["tabm", "sgd", "loader", "clip", "batch norm", "other shape"])
def test_what_cannot_be_stacked_is_trained_one_by_one(moons, what, monkeypatch):
    train, validation = moons
    networks, settings = networks_of(2), [TrainingSettings(epochs=2)] * 2
    if what == "tabm":
        networks = [TabM(4, 2, (8,), members=2) for _ in range(2)]
    if what == "batch norm":
        networks = networks_of(2, batch_norm=True)
    if what == "other shape":
        networks = [MLP(4, 2, (8,)), MLP(4, 2, (9,))]
    if what == "sgd":
        settings = [TrainingSettings(epochs=2, optimizer="sgd")] * 2
    if what == "clip":
        settings = [TrainingSettings(epochs=2, clip_norm=1.0), TrainingSettings(epochs=2)]
    if what == "loader":
        tensors = [torch.tensor(values) for values in train]
        train = DataLoader(TensorDataset(tensors[0].float(), tensors[1]), batch_size=50)
    monkeypatch.setattr("assay.training.together.StackedTrainer", None)
    found = fit_together(networks, train, validation=validation, settings=settings, seeds=[0, 1])
    assert [len(training.history) for training in found] == [2, 2]


def test_numbers_that_do_not_agree(moons):
    with pytest.raises(RecipeError, match="2 networks, 1 settings and 2 seeds"):
        fit_together(networks_of(2), moons[0], settings=[TrainingSettings()], seeds=[0, 1])


@pytest.mark.parametrize("decoupled", [True, False])
def test_the_steps_are_torchs_own(decoupled):
    torch.manual_seed(0)
    weights, rates, decays = torch.randn(3, 5), [0.1, 0.01, 0.001], [0.0, 0.1, 0.5]
    alone = [torch.nn.Parameter(row.clone()) for row in weights]
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    torchs = [
        kind([row], rate, weight_decay=decay) for row, rate, decay in zip(alone, rates, decays, strict=True)
    ]
    own = StackedAdam(weights, decays, decoupled=decoupled)
    for _ in range(20):
        gradient = torch.randn(3, 5)
        own.step(weights, gradient, rates)
        for row, row_gradient, optimizer in zip(alone, gradient, torchs, strict=True):
            row.grad = row_gradient.clone()
            optimizer.step()
    torch.testing.assert_close(weights, torch.stack([row.detach() for row in alone]))


def test_only_plain_networks_of_one_shape_are_stacked():
    assert can_stack(networks_of(3))
    frozen = networks_of(2)
    frozen[1].body[0].weight.requires_grad = False
    assert not can_stack(frozen)
    assert not can_stack([MLP(4, 2, (8,), cardinalities=(3,))])
    assert not can_stack([MLP(4, 2, (8,)), MLP(4, 2, (8,), activation="tanh")])
    assert not can_stack([MLP(4, 2, (8,)).double()])
