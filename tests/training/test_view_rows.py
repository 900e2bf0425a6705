"""Rows that are known from several sides."""

import numpy as np
import pytest
import torch

import assay
from assay.core.errors import DataError, RecipeError
from assay.training.form import Form
from assay.training.objective import Objective
from assay.training.view_source import ViewBatches, ViewRows


def made(views: int = 3, rows: int = 50) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    targets_N = torch.arange(rows) % 2
    views_VNF = torch.randn(views, rows, 4) + 3.0 * targets_N[None, :, None]
    return views_VNF, targets_N


def test_one_view_of_each_row_is_seen_in_each_epoch() -> None:
    views_VNF = torch.arange(3.0)[:, None, None].expand(3, 20, 1) + 10.0 * torch.arange(20.0)[None, :, None]
    form = Form(Objective("mse", (1,)), torch.float32, torch.device("cpu"))
    batches = ViewBatches(ViewRows(views_VNF, torch.arange(20)), form, 6, "rows")
    first, again, second = (
        torch.cat([inputs for inputs, _ in batches.shuffled(0, epoch)])[:, 0] for epoch in (1, 1, 2)
    )
    targets = torch.cat([targets for _, targets in batches.shuffled(0, 1)])
    assert torch.equal(first, again)
    assert torch.equal((first // 10).long(), targets)
    assert sorted(targets.tolist()) == list(range(20))
    assert set((first % 10).tolist()) == {0.0, 1.0, 2.0}
    assert not torch.equal(first.sort()[0], second.sort()[0])
    measured = torch.cat([inputs for inputs, _ in batches.in_order()])[:, 0]
    assert torch.equal(measured, 10.0 * torch.arange(20.0))


def test_one_view_is_a_plain_table() -> None:
    views_VNF, targets_N = made(1)
    weights = []
    for data in (ViewRows(views_VNF, targets_N), (views_VNF[0], targets_N)):
        torch.manual_seed(3)
        network = torch.nn.Linear(4, 2)
        assay.fit(network, data, validation=data, epochs=3, seed=1)
        weights.append(network.weight.detach().clone())
    assert torch.equal(*weights)


def test_a_training_goes_on_with_the_same_views_only(tmp_path) -> None:
    views_VNF, targets_N = made()
    found = []
    for epochs in ((4,), (2, 4)):
        torch.manual_seed(3)
        network, folder = torch.nn.Linear(4, 2), tmp_path / str(len(epochs))
        for number in epochs:
            settings = {"epochs": 4, "folder": folder, "resume": True, "seed": 1}
            hooks = [_Stop(number)]
            assay.fit(network, ViewRows(views_VNF, targets_N, {"flip": 1}), hooks=hooks, **settings)
        found.append(network.weight.detach().clone())
    assert torch.equal(*found)
    with pytest.raises(RecipeError, match="views was 3 and is 2"):
        assay.fit(network, ViewRows(views_VNF[:2], targets_N, {"flip": 1}), **settings)


class _Stop:
    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_epoch_end(self, trainer, record) -> None:
        if record["epoch"] == self.epoch and self.epoch < 4:
            trainer.stop("enough for now")


def test_what_is_no_view_is_refused() -> None:
    with pytest.raises(DataError, match="got views of the shape"):
        assay.fit(torch.nn.Linear(4, 2), ViewRows(torch.zeros(0, 5, 4), np.zeros(5, dtype=int)))
