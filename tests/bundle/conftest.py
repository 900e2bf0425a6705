"""Small bundles of every task, over columns of every kind."""

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
import torch

from assay.bundle.bundle import Bundle
from assay.bundle.target_scale import TargetScale
from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.preparation import Preparation
from assay.data.table import Table
from assay.data.target import Target
from assay.networks import NetworkSettings, build

_TARGETS = {
    Task.REGRESSION: ("price", "number"),
    Task.BINARY: ("answer", "word"),
    Task.MULTICLASS: ("grade", "code"),
}


def mixed_table(task: Task, num_rows: int = 120, seed: int = 0) -> Table:
    """A number with gaps, numeric codes, few and many texts, a boolean, a date, and a target of the task."""
    rng = np.random.default_rng(seed)
    amount = rng.normal(50.0, 20.0, num_rows)
    start = datetime(2024, 1, 1)
    frame = pl.DataFrame(
        {
            "amount": pl.Series([None if i % 11 == 0 else float(a) for i, a in enumerate(amount)]),
            "sex": pl.Series(rng.integers(1, 3, num_rows)),
            "colour": pl.Series(rng.choice(["red", "green", "blue"], num_rows)),
            "town": pl.Series([f"town {i % 30}" for i in range(num_rows)]),
            "member": pl.Series(rng.random(num_rows) < 0.5),
            "when": pl.Series([start + timedelta(hours=7 * i) for i in range(num_rows)]),
            "price": pl.Series(200_000.0 + 1000.0 * amount),
            "answer": pl.Series(np.where(np.arange(num_rows) % 3 == 0, "yes", "no")),
            "grade": pl.Series(1 + np.arange(num_rows) % 4),
        }
    )
    kinds = {
        "amount": Kind.QUANTITATIVE, "sex": Kind.QUALITATIVE, "colour": Kind.QUALITATIVE,
        "town": Kind.QUALITATIVE, "member": Kind.BOOLEAN, "when": Kind.DATE,
    }  # fmt: skip
    target = _TARGETS[task][0]
    kind = Kind.QUANTITATIVE if task is Task.REGRESSION else Kind.QUALITATIVE
    columns = [Column(name, kind) for name, kind in kinds.items()]
    return Table(
        frame.select([*kinds, target]), (*columns, Column(target, kind, Role.TARGET)), task, "mixed.csv"
    )


def make_bundle(task: Task, *, one_logit: bool = False, batch_norm: bool = False) -> Bundle:
    """A bundle whose weights are random: what it says is of no use, but always the same."""
    table = mixed_table(task)
    rows = np.arange(len(table))
    preparation, target = Preparation.fit(table), Target.of(table, rows)
    settings = NetworkSettings(hidden=(12, 6), dropout=0.2, one_logit=one_logit, batch_norm=batch_norm)
    torch.manual_seed(1)
    network = build(
        settings,
        num_inputs=preparation.num_outputs,
        num_outputs=target.num_outputs,
        cardinalities=preparation.cardinalities,
    )
    scale = None
    if task is Task.REGRESSION:
        scale = TargetScale.of(target.encode(table.frame["price"]))
    metrics = {
        "task": task.value,
        "metric": "accuracy",
        "validation": {"accuracy": 0.75, "roc_auc": float("nan")},
    }
    return Bundle(preparation, network, target, scale).described(
        metrics=metrics, diagnosis={"verdict": "high bias"}
    )


@pytest.fixture(params=list(Task), ids=str)
def task(request: pytest.FixtureRequest) -> Task:
    """Each task in turn."""
    return request.param


@pytest.fixture
def bundle(task: Task) -> Bundle:
    """A bundle of the task."""
    return make_bundle(task)


@pytest.fixture
def table(task: Task) -> Table:
    """Rows for the bundle, some of them unlike the training rows."""
    return mixed_table(task, num_rows=50, seed=7)


@pytest.fixture(scope="session")
def made() -> Callable[..., Bundle]:
    """Makes a bundle of a task."""
    return make_bundle


@pytest.fixture
def mixed() -> Callable[..., Table]:
    """Makes a table of a task."""
    return mixed_table


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)
