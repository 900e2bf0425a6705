"""Every kind of network travels in a bundle."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from assay.bundle.bundle import Bundle, load
from assay.core.task import Task
from assay.data.preparation import Preparation
from assay.data.table import Table
from assay.data.target import Target
from assay.networks import NetworkSettings, build


@pytest.mark.parametrize("task", list(Task), ids=str)
@pytest.mark.parametrize("number_embedding", ["none", "plr", "piecewise"])
@pytest.mark.parametrize("kind", ["mlp", "residual", "tabm"])
def test_every_kind_comes_back(
    kind: str, number_embedding: str, task: Task, mixed: Callable[..., Table], tmp_path: Path
) -> None:
    table = mixed(task)
    preparation, target = Preparation.fit(table), Target.of(table, np.arange(len(table)))
    settings = NetworkSettings(kind=kind, hidden=(8, 8), number_embedding=number_embedding, dropout=0.1)
    torch.manual_seed(0)
    network = build(
        settings,
        num_inputs=preparation.num_outputs,
        num_outputs=target.num_outputs,
        cardinalities=preparation.cardinalities,
        inputs=preparation.prepare(table),
    )
    bundle = Bundle(preparation, network, target)
    bundle.save(tmp_path / "bundle")
    loaded = load(tmp_path / "bundle")
    assert type(loaded.network.network) is type(network)
    raw = bundle.schema.encode(table)
    assert loaded.outputs(raw).tobytes() == bundle.outputs(raw).tobytes()
    assert loaded.outputs(raw).shape == ((120,) if task is Task.REGRESSION else (120, len(bundle.labels)))
    assert loaded.sha256 == bundle.sha256
