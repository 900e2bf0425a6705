import pytest
import torch
from torch import nn

from assay.training.fit import fit
from assay.training.muon import Muon, hidden_matrices, orthogonal
from assay.training.optimizer import make_optimizer
from assay.training.settings import TrainingSettings, resolve


@pytest.mark.parametrize("shape", [(4, 9), (12, 5), (7, 7)])
def test_all_directions_get_the_same_length(shape):
    torch.manual_seed(0)
    matrix = torch.randn(shape) * torch.logspace(-1, 1, shape[1])
    values = torch.linalg.svdvals(orthogonal(matrix))
    assert values.min() > 0.5 and values.max() < 1.3
    first = torch.linalg.svd(matrix)[0][:, 0] @ matrix @ torch.linalg.svd(matrix)[2][0]
    assert first > 0 and (orthogonal(matrix) * matrix).sum() > 0  # it points the same way


def network() -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, 2)
    )


def test_hidden_layers_are_its_own_and_the_rest_adamws():
    assert hidden_matrices(network()) == {"0.weight", "3.weight"}
    words = nn.Sequential(nn.Embedding(5, 4), nn.Linear(4, 4), nn.Linear(4, 2))
    assert hidden_matrices(words) == {"1.weight"}
    settings, reasons = resolve(TrainingSettings(optimizer="muon"), 100)
    groups = make_optimizer(network(), settings).param_groups
    assert [(group["is_matrix"], group["lr"], len(group["params"])) for group in groups] == [
        (True, 0.02, 2),
        (False, 0.01, 6),
    ]
    assert "muon" in reasons["weight_decay"]


def test_steps_of_matrices_are_orthogonal_and_others_those_of_adamw():
    ours, theirs = network(), network()
    settings, _ = resolve(TrainingSettings(optimizer="muon", learning_rate=0.02), 100)
    muon = make_optimizer(ours, settings)
    rest = [w for name, w in theirs.named_parameters() if name not in {"0.weight", "3.weight"}]
    adamw = torch.optim.AdamW(rest, 0.01, weight_decay=0.0, fused=True)
    before = theirs[0].weight.detach().clone()
    for part, optimizer in ((ours, muon), (theirs, adamw)):
        part(torch.ones(4, 3, 3, 3) * torch.arange(4).view(4, 1, 1, 1)).square().sum().backward()
        optimizer.step()
    for name, weight in theirs.named_parameters():
        if name not in {"0.weight", "3.weight"}:
            assert torch.equal(weight, ours.get_parameter(name))
    step = (before - ours[0].weight.detach()).flatten(1) / 0.02
    assert torch.linalg.svdvals(step)[0] < 1.3


def test_the_norm_is_kept_where_asked():
    part = network()
    settings, _ = resolve(TrainingSettings(optimizer="muon", keep_norm=True, learning_rate=1e-6), 100)
    optimizer = make_optimizer(part, settings)
    part(torch.randn(5, 3, 3, 3)).sum().backward()
    optimizer.step()
    assert float(part[0].weight.norm().detach()) == pytest.approx(8**0.5, rel=1e-3)


def test_it_trains_and_can_be_stored(moons, fresh, same, tmp_path):
    choices = {"optimizer": "muon", "epochs": 8, "schedule": "triangle", "batch_size": 64, "seed": 1}
    whole = fit(fresh(), moons[0], validation=moons[1], **choices, patience=0)
    assert whole.history[-1]["validation_loss"] < 0.8 * whole.history[0]["validation_loss"]
    assert isinstance(make_optimizer(fresh(), whole.settings), Muon)

    class Stop:
        def on_epoch_end(self, trainer, record):
            if record["epoch"] == 4:
                raise KeyboardInterrupt

    fit(fresh(), moons[0], validation=moons[1], folder=tmp_path, hooks=[Stop()], **choices, patience=0)
    again = fit(fresh(), moons[0], validation=moons[1], folder=tmp_path, resume=True, **choices, patience=0)
    assert same(whole.network, again.network)
