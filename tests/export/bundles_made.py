"""Small bundles of every kind, over columns of every kind, and files of raw rows for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch

import assay
from assay.bundle.bundle import Bundle
from assay.bundle.decision import Decision
from assay.bundle.target_scale import TargetScale
from assay.core.task import Task
from assay.data.column import Kind
from assay.data.images.preparation import ImagePreparation
from assay.data.preparation import Preparation
from assay.data.table import Table
from assay.data.target import Target
from assay.networks import ImageNetworkSettings, NetworkSettings, build, build_image_network
from images_made import made_images

TABLES = ("regression", "binary", "multiclass", "embeddings", "tabm")
NAMES = (*TABLES, "image")

_TARGETS = {"regression": "price", "multiclass": "level", "tabm": "price"}  # others: answer
_CHOICES: dict[str, dict[str, Any]] = {
    "regression": {"missing": "regression", "scale": "standardize", "outliers": "clip"},
    "multiclass": {"scale": "minmax"},
}
_NETWORKS: dict[str, dict[str, Any]] = {
    "binary": {"one_logit": True},
    "embeddings": {"kind": "residual", "hidden": (8, 8), "number_embedding": "plr", "frequencies": 4},
    "tabm": {"kind": "tabm", "hidden": (8, 8), "members": 4, "number_embedding": "piecewise", "bins": 4},
}
_KINDS = {
    "grade": Kind.ORDINAL,
    "band": Kind.ORDINAL,
    "sex": Kind.QUALITATIVE,
    "colour": Kind.QUALITATIVE,
    "town": Kind.QUALITATIVE,
    "smoker": Kind.BOOLEAN,
    "member": Kind.BOOLEAN,
    "flag": Kind.BOOLEAN,
}
_BANDS = ("1 to 9", "10 to 19", "20 and more")


def rows_frame(num_rows: int = 160, seed: int = 0) -> pl.DataFrame:
    """Features of every kind, most with missing values, and the three targets `price`, `answer`, `level`."""
    rng = np.random.default_rng(seed)

    def holes(values: Sequence[Any], share: float = 0.1) -> list[Any]:
        return [None if rng.random() < share else value for value in values]

    amount = np.round(np.exp(1.5 * rng.normal(size=num_rows)) * 1000, 2)
    age = rng.integers(18, 90, num_rows)
    start = dt.datetime(2014, 3, 1)
    born = [dt.date(1950, 1, 1) + dt.timedelta(days=int(day)) for day in rng.integers(0, 9999, num_rows)]
    return pl.DataFrame(
        {
            "amount": holes(amount.tolist()),
            "age": age,
            "rate": holes(np.round(age / 50 + rng.normal(size=num_rows) * 0.1, 4).tolist()),
            "grade": holes(rng.integers(1, 6, num_rows).tolist()),
            "band": holes(rng.choice(_BANDS, num_rows).tolist()),
            "sex": rng.integers(1, 3, num_rows),
            "colour": holes(rng.choice(["red", "green", 'sky, "light" blue'], num_rows).tolist()),
            "town": holes(rng.choice([f"town {number}" for number in range(30)], num_rows).tolist()),
            "smoker": holes(rng.choice(["Yes", "No"], num_rows).tolist()),
            "member": holes((rng.random(num_rows) < 0.3).tolist()),
            "flag": rng.integers(0, 2, num_rows),
            "when": [start + dt.timedelta(hours=31 * number, seconds=7) for number in range(num_rows)],
            "born": holes(born),
            "price": 200_000.0 + 10.0 * amount + 100.0 * age,
            "answer": np.where(np.arange(num_rows) % 3 == 0, "yes", "no"),
            "level": 1 + np.arange(num_rows) % 4,
        }
    )


def rows_table(name: str, folder: Path) -> Table:
    """The training rows of a bundle, read from a CSV in `folder`, so that their spelling is known."""
    target = _TARGETS.get(name, "answer")
    path = folder / f"{name}.csv"
    others = {"price", "answer", "level"} - {target}
    rows_frame().drop(*others).write_csv(path)
    kind = Kind.QUANTITATIVE if target == "price" else Kind.QUALITATIVE
    return assay.read(path, target=target, kinds=_KINDS | {target: kind}, levels={"band": _BANDS})


def table_bundle(name: str, folder: Path) -> Bundle:
    """A bundle for rows whose weights are random: what it says is of no use, but always the same."""
    table = rows_table(name, folder)
    preparation = Preparation.fit(table, **_CHOICES.get(name, {}))
    target = Target.of(table, np.arange(len(table)))
    torch.manual_seed(1)
    network = build(
        NetworkSettings(**{"hidden": (12, 6), "dropout": 0.2, **_NETWORKS.get(name, {})}),
        num_inputs=preparation.num_outputs,
        num_outputs=target.num_outputs,
        cardinalities=preparation.cardinalities,
        inputs=preparation.prepare(table),
    )
    scale = None
    if table.task is Task.REGRESSION:
        scale = TargetScale.of(target.encode(table.frame[target.name]))
    decision = Decision(1.5, 0.25, 0.4) if name == "binary" else None
    return Bundle(preparation, network, target, scale, decision=decision)


def image_bundle() -> Bundle:
    """A bundle for images of 16 x 16 pixels, with a fitted temperature and random weights."""
    table = image_table()
    torch.manual_seed(1)
    network = build_image_network(ImageNetworkSettings(kind="cnn", widths=(4, 8)), (3, 16, 16), 3)
    target = Target.of(table, np.arange(len(table)))
    return Bundle(ImagePreparation.fit(table), network, target, decision=Decision(1.5))


def image_table(num_rows: int = 24, seed: int = 0) -> Table:
    """Images of three classes, in memory."""
    images, labels = made_images(num_rows, seed=seed)
    return assay.read(torch.utils.data.TensorDataset(torch.from_numpy(images), torch.from_numpy(labels)))
