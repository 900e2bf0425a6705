import numpy as np
import pytest
import torch
from torch import nn

from assay.core.errors import RecipeError
from assay.networks import MLP, NetworkSettings, TabM, build
from assay.training.fit import fit
from assay.training.objective import Objective

KINDS = [
    {"kind": "tabm"},
    {"kind": "tabm", "number_embedding": "piecewise"},
    {"kind": "residual", "number_embedding": "plr"},
    {"kind": "residual", "batch_norm": True},
    {"kind": "tabm", "one_logit": True},
]


def made(inputs, **choices):
    torch.manual_seed(7)
    settings = NetworkSettings(
        **{"hidden": (16, 16), "members": 4, "dropout": 0.2, "number_width": 4, **choices}
    )
    return build(settings, num_inputs=4, num_outputs=2, inputs=torch.tensor(inputs, dtype=torch.float32))


def test_the_training_loss_is_the_mean_of_the_members_losses():
    outputs, targets = torch.randn(6, 4, 3), torch.tensor([0, 1, 2, 0, 1, 2])
    weights = torch.tensor([1.0, 2.0, 3.0])
    objective = Objective("cross_entropy", (3,), weights)
    each = [objective(outputs[:, member], targets) for member in range(4)]
    torch.testing.assert_close(objective.training_loss(outputs, targets), torch.stack(each).mean())
    values = Objective("mse", (1,))
    each = [values(outputs[:, member, :1], torch.ones(6, 1)) for member in range(4)]
    torch.testing.assert_close(
        values.training_loss(outputs[..., :1], torch.ones(6, 1)), torch.stack(each).mean()
    )


@pytest.mark.parametrize("choices", KINDS, ids=str)
def test_every_kind_learns_and_a_resumed_training_is_the_uninterrupted_one(moons, same, tmp_path, choices):
    train, validation = moons

    def trained(folder, epochs, *, resume=False):
        return fit(
            made(train[0], **choices),
            train,
            validation=validation,
            epochs=epochs,
            patience=0,
            learning_rate=0.01,
            class_weights=[1.0, 1.5],
            clip_norm=1.0,
            folder=folder,
            resume=resume,
        )

    whole = trained(tmp_path / "whole", 12)
    assert whole.history[whole.best_epoch - 1]["validation_accuracy"] > 0.75
    state = tmp_path / "whole" / "checkpoint.pt"
    assert state.exists()
    assert same(whole.network, trained(tmp_path / "again", 12).network)

    class Stop:
        def on_epoch_end(self, trainer, record):
            if record["epoch"] == 5:
                trainer.stop("interrupted")

    network = made(train[0], **choices)
    settings = {
        "epochs": 12,
        "patience": 0,
        "learning_rate": 0.01,
        "class_weights": [1.0, 1.5],
        "clip_norm": 1.0,
    }
    fit(network, train, validation=validation, folder=tmp_path / "parts", hooks=[Stop()], **settings)
    resumed = trained(tmp_path / "parts", 12, resume=True)
    assert same(whole.network, resumed.network)
    assert [r["train_loss"] for r in whole.history] == [r["train_loss"] for r in resumed.history]


@pytest.mark.parametrize("loss", ["auto", "nll", "cross_entropy"])
def test_class_losses_of_an_ensemble_are_the_same(moons, loss):
    train, validation = moons
    training = fit(made(train[0], kind="tabm"), train, validation=validation, epochs=2, loss=loss)
    expected = fit(made(train[0], kind="tabm"), train, validation=validation, epochs=2)
    for one, other in zip(training.history, expected.history, strict=True):
        assert one["train_loss"] == pytest.approx(other["train_loss"], rel=1e-5)
        assert one["validation_loss"] == pytest.approx(other["validation_loss"], rel=1e-5)


def test_an_ensemble_learns_a_quantity(line):
    torch.manual_seed(0)
    network = TabM(2, 1, (16,), members=4)
    training = fit(network, line, validation=line, epochs=60, learning_rate=0.01)
    assert min(record["validation_rmse"] for record in training.history) < 0.1


def test_an_ensemble_trains_in_bf16(line):
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        pytest.skip("no bf16 arithmetic")
    training = fit(TabM(2, 1, (16,), members=4), line, validation=line, epochs=5, precision="bf16")
    assert np.isfinite([record["train_loss"] for record in training.history]).all()
    assert {weight.dtype for weight in training.network.parameters()} == {torch.float32}


@pytest.mark.parametrize("loss", ["cross_entropy", "nll", "bce"])
@pytest.mark.parametrize("weighted", [False, True])
def test_label_smoothing_by_the_formula(loss, weighted):
    num_outputs = 1 if loss == "bce" else 3
    outputs, smoothing = torch.randn(8, num_outputs), 0.2
    weights = torch.tensor([1.0, 2.0, 3.0])[: 2 if loss == "bce" else 3] if weighted else None
    objective = Objective(loss, (num_outputs,), weights, label_smoothing=smoothing)
    if loss == "bce":
        targets = torch.tensor([[0.0], [1.0]] * 4)
        soft = targets * (1 - smoothing) + smoothing / 2
        losses = nn.functional.binary_cross_entropy_with_logits(outputs, soft, reduction="none").squeeze(1)
        row_weights = 1 if weights is None else weights[targets.squeeze(1).long()]
    else:
        targets = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1])
        logs = outputs.log_softmax(dim=1)
        outputs = logs if loss == "nll" else outputs
        soft = nn.functional.one_hot(targets, 3) * (1 - smoothing) + smoothing / 3
        losses = -(soft * logs).sum(dim=1)
        row_weights = 1 if weights is None else weights[targets]
    torch.testing.assert_close(objective.training_loss(outputs, targets), (losses * row_weights).mean())
    plain = Objective(loss, (num_outputs,), weights)
    torch.testing.assert_close(objective(outputs, targets), plain(outputs, targets))


def test_smoothing_makes_probabilities_less_extreme(moons, fresh):
    def extreme(smoothing):
        network = fit(
            fresh(dropout=0.0), moons[0], epochs=60, learning_rate=0.01, label_smoothing=smoothing
        ).network
        with torch.no_grad():
            return network(torch.tensor(moons[0][0]).float()).softmax(dim=1).amax(dim=1).max()

    assert extreme(0.3) < 0.95 < extreme(0.0)


def test_smoothing_is_for_classes(line):
    with pytest.raises(RecipeError, match="and the mse loss has no classes"):
        fit(MLP(2, 1), line, label_smoothing=0.1)
