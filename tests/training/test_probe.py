import pytest
import torch
from torch import nn

from assay.core.errors import RecipeError
from assay.networks import MLP
from assay.training.fit import fit

X = torch.randn(40, 3, generator=torch.Generator().manual_seed(0))
CLASSES = (X[:, 0] > 0).long()


class Gated(nn.Module):
    """A sigmoid in the middle, which is registered last."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last, self.gate = nn.Linear(3, 4), nn.Linear(4, 1), nn.Sigmoid()

    def forward(self, x):
        h = self.first(x)
        return self.last(h * self.gate(h))


class Ends(nn.Module):
    """A linear layer and a function that no module shows."""

    def __init__(self, function) -> None:
        super().__init__()
        self.layer, self.function = nn.Linear(3, 1), function

    def forward(self, x):
        return self.function(self.layer(x))


def test_a_sigmoid_in_the_middle_is_a_gate():
    assert fit(Gated(), (X, CLASSES), epochs=1).settings.loss == "bce"


@pytest.mark.parametrize(
    "function",
    [
        torch.sigmoid,
        lambda x: x.sigmoid().squeeze(1),
        lambda x: torch.sigmoid(x)[:, 0],
        lambda x: torch.sigmoid(x.float()).reshape(-1, 1),
        nn.Sigmoid(),
        nn.Sequential(nn.Sigmoid(), nn.Flatten(0), nn.Identity()),
    ],
)
def test_a_last_sigmoid_is_seen_however_it_is_called(function):
    with pytest.raises(RecipeError, match="ends in a sigmoid, and the bce loss applies one itself"):
        fit(Ends(function), (X, CLASSES), epochs=1)
    assert fit(Ends(function), (X, CLASSES), epochs=1, loss="mse").history


@pytest.mark.parametrize("function", [lambda x: torch.sigmoid(x) * x, lambda x: 4 * torch.sigmoid(x) - 2])
def test_what_goes_on_after_a_sigmoid_is_no_probability(function):
    assert fit(Ends(function), (X, CLASSES), epochs=1).settings.loss == "bce"


def test_validation_rows_have_the_training_rows_width():
    with pytest.raises(RecipeError, match=r"validation data: the network does not take .* \(8, 2\)"):
        fit(MLP(3, 2), (X, CLASSES), validation=(X[:, :2], CLASSES), epochs=1)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X[:, :2], CLASSES), batch_size=4)
    with pytest.raises(RecipeError, match=r"validation data: the network does not take .* \(4, 2\)"):
        fit(MLP(3, 2), (X, CLASSES), validation=loader, epochs=1)
    picture = nn.Conv1d(1, 2, 2)
    targets = torch.zeros(40, 2).long()
    with pytest.raises(RecipeError, match=r"outputs of shape \(2, 1\) for these rows, and \(2, 2\) for"):
        fit(picture, (X[:, None], targets), validation=(X[:, None, :2], targets[:, :1]), epochs=1)


def test_a_later_batch_that_does_not_fit_is_named():
    batches = [(X[:8], CLASSES[:8]), (X[8:16, :2], CLASSES[8:16])]
    loader = torch.utils.data.DataLoader(batches, batch_size=None)
    with pytest.raises(
        RecipeError, match=r"training data: the network does not take .* \(8, 2\) \(float32\)"
    ):
        fit(MLP(3, 2), loader, epochs=1)


@pytest.mark.parametrize("num_rows", [1, 40])
@pytest.mark.parametrize("loaded", [False, True])
def test_batch_norm_refuses_single_rows_before_anything_is_written(tmp_path, num_rows, loaded):
    network, rows = MLP(3, 2, (4,), batch_norm=True), (X[:num_rows], CLASSES[:num_rows])
    before = network.body[1].running_mean.clone()
    if loaded:
        rows = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(*rows), batch_size=1)
    advice = "more training rows" if num_rows == 1 else r"training\.batch_size"
    with pytest.raises(RecipeError, match=f"batch norm needs at least 2 rows in a step.*{advice}"):
        fit(network, rows, batch_size=1, epochs=1, folder=tmp_path / "run")
    assert not (tmp_path / "run").exists()
    assert torch.equal(network.body[1].running_mean, before)


def test_single_rows_with_a_variance_of_their_own_are_fine():
    network = nn.Sequential(nn.Conv1d(1, 2, 2), nn.BatchNorm1d(2), nn.Flatten(), nn.Linear(4, 2))
    assert fit(network, (X[:, None], CLASSES), batch_size=1, epochs=1).history
    assert fit(MLP(3, 2), (X[:1], CLASSES[:1]), epochs=1).history
