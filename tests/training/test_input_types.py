import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from assay.core.errors import DataError, RecipeError
from assay.networks import MLP
from assay.training.fit import fit

RNG = np.random.default_rng(0)
TOKENS, CLASSES = RNG.integers(0, 10, (50, 6)), RNG.integers(0, 2, 50)
NUMBERS = RNG.standard_normal((50, 6))


def reader():
    return nn.Sequential(nn.Embedding(10, 4), nn.Flatten(), nn.Linear(24, 2))


class Types:
    """Notes the types that a network is called with."""

    def __init__(self, network) -> None:
        self.seen = set()
        network.register_forward_hook(self.note)

    def note(self, module, given, output) -> None:
        self.seen.add(given[0].dtype)


def pairs(inputs):
    return TensorDataset(torch.tensor(inputs), torch.tensor(CLASSES))


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint8])
@pytest.mark.parametrize("shape", [lambda x: (x, CLASSES), pairs, lambda x: DataLoader(pairs(x), 16)])
def test_token_numbers_stay_whole(kind, shape):
    network = reader()
    types = Types(network)
    rows = shape(TOKENS.astype(kind))
    training = fit(network, rows, validation=rows, epochs=2)
    assert types.seen == {torch.int64}
    assert np.isfinite(training.history[-1]["validation_loss"])


@pytest.mark.parametrize("inputs", [TOKENS, TOKENS.astype(np.uint8), TOKENS > 4, NUMBERS])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [lambda x: (x, CLASSES), lambda x: DataLoader(pairs(x), 16)])
def test_all_else_becomes_the_type_of_the_weights(inputs, dtype, shape):
    network = MLP(6, 2, (4,)).to(dtype)
    types = Types(network.body)
    training = fit(network, shape(inputs), validation=shape(inputs), epochs=2, class_weights=[1, 2])
    assert dtype in types.seen and types.seen <= {dtype, torch.int64}  # whole numbers are tried as such first
    assert next(network.parameters()).dtype == dtype
    assert training.history[-1]["train_loss"] < 2


@pytest.mark.parametrize(("loss", "outputs"), [("mse", 1), ("huber", 1), ("bce", 1), ("cross_entropy", 2)])
def test_double_networks_are_compared_in_double(loss, outputs):
    network = MLP(6, outputs).double()
    inputs = torch.tensor(NUMBERS)
    outputs_before = network(inputs).detach()
    training = fit(network, (inputs, CLASSES), loss=loss, epochs=1, optimizer="sgd", learning_rate=1e-300)
    means = {
        "mse": nn.functional.mse_loss,
        "huber": nn.functional.huber_loss,
        "bce": nn.functional.binary_cross_entropy_with_logits,
        "cross_entropy": nn.functional.cross_entropy,
    }
    targets = torch.tensor(CLASSES)
    wanted = targets if outputs == 2 else targets.double()[:, None]
    assert training.history[0]["train_loss"] == pytest.approx(
        means[loss](outputs_before, wanted).item(), rel=1e-13
    )


def test_a_network_that_takes_them_neither_way():
    with pytest.raises(RecipeError, match=r"\(8, 6\) \(int64\): index out of range.*\(float32\)"):
        fit(reader(), (TOKENS + 10, CLASSES), epochs=1)
    late = TOKENS.copy()
    late[40, 3] = 12
    with pytest.raises(RecipeError, match=r"training data: the network does not take.*index out of range"):
        fit(reader(), (late, CLASSES), epochs=1)


def test_fractions_are_not_cut_off_to_whole_numbers():
    with pytest.raises(RecipeError, match=r"\(float32\): .*indices"):
        fit(reader(), (TOKENS.astype(float), CLASSES), epochs=1)
    with pytest.raises(DataError, match=r"validation data: the inputs are of type float32.*as integers"):
        fit(reader(), (TOKENS, CLASSES), validation=(TOKENS + 0.5, CLASSES), epochs=1)
