import numpy as np
import pytest
import torch

from assay.core.errors import DataError, RecipeError
from assay.networks import MLP
from assay.training.fit import fit

X = np.random.default_rng(0).standard_normal((20, 3))
CLASSES = (X[:, 0] > 0).astype(np.int64)


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (MLP, "the network is the class MLP, and a torch.nn.Module is needed"),
        (None, "the network is of type NoneType"),
        (torch.sigmoid, "the network is of type builtin_function_or_method"),
    ],
)
def test_what_is_no_network(network, message):
    with pytest.raises(RecipeError, match=message):
        fit(network, (X, CLASSES))


@pytest.mark.parametrize(
    "data",
    [
        ([[1, 2, 3], [4, 5]], [0, 1]),
        (X[:2], [[0], [1, 0]]),
    ],
)
def test_ragged_rows(data):
    with pytest.raises(DataError, match=r"are no table of numbers.*rows of one length"):
        fit(MLP(3, 2), data)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("balanced", "class_weights = 'balanced': one number for each class is needed"),
        ({0: 1.0, 1: 2.0}, "one number for each class is needed"),
        ([1.0, None], r"class_weights = \[1.0, nan\]"),
        ([-1, 1], r"class_weights = \[-1.0, 1.0\]: numbers of at least 0"),
        ([0, 0], "one above 0"),
        ([1, np.inf], "inf"),
        ([1], r"shape \(1,\) for 2 classes"),
        (2.0, r"shape \(\) for 2 classes"),
    ],
)
def test_class_weights_that_are_none(weights, message):
    with pytest.raises(RecipeError, match=message):
        fit(MLP(3, 2), (X, CLASSES), class_weights=weights)


@pytest.mark.parametrize("weights", [[1, 2], (0, 1), np.array([1.0, 2.0]), torch.tensor([1.0, 2.0])])
def test_class_weights_of_any_kind(weights):
    assert fit(MLP(3, 2), (X, CLASSES), class_weights=weights, epochs=1).history


@pytest.mark.parametrize("device", [torch.device("cpu"), None, "cpu"])
def test_devices_of_any_kind(device):
    assert fit(MLP(3, 2), (X, CLASSES), device=device, epochs=1).history
