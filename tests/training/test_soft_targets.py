import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from assay.training.objective import Objective
from assay.training.soft_targets import mixed

PARTNERS, SHARES = torch.tensor([1, 2, 3, 4, 0]), torch.tensor([1.0, 0.7, 0.5, 0.2, 0.0])


def pair_loss(objective: Objective, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Row by row: the share of the loss against the own target, and the rest against the partner's."""
    losses = [
        share * objective.training_loss(outputs[row : row + 1], targets[row : row + 1])
        + (1 - share) * objective.training_loss(outputs[row : row + 1], targets[other : other + 1])
        for row, (other, share) in enumerate(zip(PARTNERS, SHARES, strict=True))
    ]
    return torch.stack(losses).mean()


@pytest.mark.parametrize("weights", [None, [1.0, 3.0, 0.5]])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("loss", ["cross_entropy", "nll"])
def test_class_shares_give_the_shares_of_both_losses(loss, smoothing, weights):
    outputs = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    if loss == "nll":
        outputs = F.log_softmax(outputs, dim=1)
    weights = None if weights is None else torch.tensor(weights)
    objective = Objective(loss, (3,), weights, label_smoothing=smoothing)
    targets = torch.tensor([0, 1, 2, 1, 0])
    soft = mixed(objective, targets, PARTNERS, SHARES)
    assert soft.shape == (5, 3) and torch.allclose(soft.sum(1), torch.ones(5))
    assert torch.allclose(objective.training_loss(outputs, soft), pair_loss(objective, outputs, targets))
    assert objective.count(soft) == objective.count(targets) == 5


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_shares_of_two_classes(smoothing):
    outputs = torch.randn(5, 1, generator=torch.Generator().manual_seed(0))
    objective = Objective("bce", (1,), label_smoothing=smoothing)
    targets = torch.tensor([[0.0], [1.0], [1.0], [0.0], [1.0]])
    soft = mixed(objective, targets, PARTNERS, SHARES)
    assert torch.allclose(objective.training_loss(outputs, soft), pair_loss(objective, outputs, targets))


def test_quantities_are_blended():
    objective = Objective("mse", (2,))
    targets = torch.arange(10.0).view(5, 2)
    soft = mixed(objective, targets, PARTNERS, SHARES)
    assert torch.equal(soft[0], targets[0]) and torch.equal(soft[4], targets[0])
    assert torch.allclose(soft[1], 0.7 * targets[1] + 0.3 * targets[2])


def test_classes_of_places():
    objective = Objective("cross_entropy", (3, 4))
    targets = torch.arange(20).view(5, 4) % 3
    soft = mixed(objective, targets, PARTNERS, SHARES)
    assert soft.shape == (5, 3, 4) and objective.count(soft) == 20
    assert torch.equal(soft[0].argmax(0), targets[0])
