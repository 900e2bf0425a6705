import numpy as np
import pytest
import torch
from torch import nn

from assay.core.errors import DataError, RecipeError
from assay.networks import MLP
from assay.training.fit import fit
from assay.training.objective import Objective

X = np.random.default_rng(0).standard_normal((20, 3))
VALUES = X[:, 0]
CLASSES = (X[:, 0] > 0).astype(np.int64)


def once(network, data, **choices):
    return fit(network, data, epochs=1, **choices)


@pytest.mark.parametrize("shape", [(20,), (20, 1)])
@pytest.mark.parametrize("squeezed", [False, True])
def test_outputs_and_targets_never_broadcast(shape, squeezed):
    """(20, 1) outputs against (20,) targets would become a 20 x 20 loss without a word."""
    network = nn.Sequential(nn.Linear(3, 1), *([nn.Flatten(0)] if squeezed else []))
    expected = nn.functional.mse_loss(
        network(torch.tensor(X).float()).reshape(-1), torch.tensor(VALUES).float()
    )
    training = once(network, (X, VALUES.reshape(shape)), optimizer="sgd", learning_rate=1e-12)
    assert training.history[0]["train_loss"] == pytest.approx(expected.item(), rel=1e-5)


@pytest.mark.parametrize("targets", [CLASSES, CLASSES.astype(float), CLASSES > 0, CLASSES[:, None]])
def test_class_numbers_of_any_type(targets):
    training = once(MLP(3, 2), (X, targets), loss="cross_entropy")
    assert np.isfinite(training.history[0]["train_loss"])


@pytest.mark.parametrize("targets", [CLASSES, CLASSES.astype(np.float32), CLASSES > 0])
def test_bce_targets_of_any_type(targets):
    assert once(MLP(3, 1), (X, targets), loss="bce").settings.loss == "bce"


@pytest.mark.parametrize(
    ("network", "data", "choices", "message"),
    [
        (MLP(3, 2), (X, VALUES), {}, r"shape \(20,\) do not fit outputs of shape \(20, 2\) under the mse"),
        (MLP(3, 1), (X, X), {}, r"shape \(20, 3\) do not fit outputs of shape \(20, 1\)"),
        (MLP(3, 2), (X, X[:, :2].round()), {"loss": "cross_entropy"}, "do not fit"),
        (MLP(3, 2), (X, VALUES), {"loss": "cross_entropy"}, "not whole numbers"),
        (MLP(3, 2), (X, CLASSES + 1), {}, "is class 2; the network's 2 outputs stand for classes 0 to 1"),
        (MLP(3, 2), (X, CLASSES - 1), {}, "is class -1"),
        (MLP(3, 1), (X, CLASSES * 2), {"loss": "bce"}, "targets from 0 to 2; the bce loss needs 0 and 1"),
        (MLP(3, 1), (X, CLASSES[:19]), {}, "20 rows of inputs and 19 targets"),
        (MLP(3, 1), (X[:0], CLASSES[:0]), {}, "at least one row"),
        (MLP(3, 1), (X.astype(str), VALUES), {}, "numbers are needed"),
        (MLP(3, 1), (X + 1j, VALUES), {}, "complex"),
        (MLP(3, 1), X, {}, r"training data: got a ndarray \(give \(inputs, targets\)"),
        (MLP(3, 1), {"x": X}, {}, "got a dict"),
    ],
)
def test_targets_that_cannot_match(network, data, choices, message):
    with pytest.raises(DataError, match=message):
        once(network, data, **choices)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_found(bad):
    inputs, values = X.copy(), VALUES.copy()
    inputs[6, 1] = bad
    with pytest.raises(DataError, match=r"training data: the input at row 7, column 2 is -?(nan|inf)"):
        once(MLP(3, 1), (inputs, VALUES))
    with pytest.raises(DataError, match="validation data: the input at row 7, column 2"):
        once(MLP(3, 1), (X, VALUES), validation=(inputs, VALUES))
    values[3] = bad
    with pytest.raises(DataError, match="the target at row 4 is"):
        once(MLP(3, 1), (X, values))


def test_large_numbers_whose_sum_overflows_are_fine():
    inputs = np.full((20, 3), 2e38)
    with pytest.raises(DataError, match="row 1, column 1 is inf"):
        once(MLP(3, 1), (inputs * 1e10, VALUES))
    training = fit(nn.Sequential(nn.Softsign(), nn.Linear(3, 1)), (inputs, VALUES), epochs=1)
    assert np.isfinite(training.history[0]["train_loss"])


@pytest.mark.parametrize(
    ("network", "choices", "message"),
    [
        (MLP(4, 2), {}, r"does not take inputs of shape \(8, 3\)"),
        (MLP(3, 1), {"loss": "cross_entropy"}, "needs an output for each class"),
        (nn.Sequential(MLP(3, 2), nn.Softmax(dim=1)), {"loss": "cross_entropy"}, "gives probabilities"),
        (nn.Sequential(MLP(3, 1), nn.Sigmoid()), {"loss": "bce"}, "ends in a sigmoid"),
        (MLP(3, 2), {"loss": "nll"}, "needs log-probabilities"),
        (MLP(3, 2), {"loss": "mse"}, r"training\.loss = 'mse' needs a target for each .* 2 .*cross_entropy"),
        (MLP(3, 2), {"loss": "huber"}, r"training\.loss = 'huber'.*cross_entropy"),
        (MLP(3, 2), {"loss": "bce"}, r"training\.loss = 'bce'.*network\.one_logit = true"),
        (nn.Sequential(MLP(3, 2), nn.Flatten(0)), {}, r"gives \(16,\) for 8 rows"),
        (MLP(3, 2), {"class_weights": [1, 2, 3]}, r"class weights of shape \(3,\) for 2 classes"),
        (MLP(3, 1), {"loss": "mse", "class_weights": [1, 2]}, "the mse loss has no classes"),
        (MLP(3, 2), {"loss": "hinge"}, "loss = 'hinge'"),
        (MLP(3, 2), {"learning_rat": 1}, "did you mean 'learning_rate'"),
        (MLP(3, 2), {"learning_rate": -1, "epochs": 0}, "learning_rate = -1.*epochs = 0"),
        (MLP(3, 2), {"device": "tpu"}, "unknown device 'tpu'"),
    ],
)
def test_networks_and_settings_that_do_not_fit(network, choices, message):
    with pytest.raises(RecipeError, match=message):
        fit(network, (X, CLASSES), **{"epochs": 1, **choices})


def test_a_sigmoid_under_mse_is_the_courses_own_network():
    training = fit(nn.Sequential(nn.Linear(3, 1), nn.Sigmoid()), (X, CLASSES), loss="mse", epochs=3)
    assert training.history[-1]["train_loss"] < 0.5


def test_class_weights_by_the_formula():
    torch.manual_seed(0)
    weights = torch.tensor([0.5, 3.0])
    targets = torch.tensor([0, 1, 1, 0])
    rows = torch.where(targets == 1, 3.0, 0.5)
    logits = torch.randn(4, 2)
    by_hand = (rows * -logits.log_softmax(dim=1)[torch.arange(4), targets]).mean()
    torch.testing.assert_close(Objective("cross_entropy", (2,), weights)(logits, targets), by_hand)
    torch.testing.assert_close(Objective("nll", (2,), weights)(logits.log_softmax(dim=1), targets), by_hand)
    difference = logits[:, 1:] - logits[:, :1]
    bce = Objective("bce", (1,), weights)
    torch.testing.assert_close(bce(difference, bce.adapt(targets, "")), by_hand)


def test_several_outputs_and_pictures_of_classes():
    both = np.stack([VALUES, -VALUES], axis=1)
    assert once(MLP(3, 2), (X, both)).settings.loss == "mse"
    pixels = torch.randint(0, 3, (10, 4, 4))
    training = once(nn.Conv2d(1, 3, 1), (torch.randn(10, 1, 4, 4), pixels), validation=None)
    assert training.settings.loss == "cross_entropy"
