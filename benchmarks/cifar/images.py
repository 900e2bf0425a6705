"""The 50,000 images of cifar10-train.parquet, and the parts that every side gets."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import train_test_split

import assay
from assay.data.catalogue import dataset_named
from assay.data.table import Table

NUM_HELD_OUT = 5_000  # of validation and of test each; 40,000 remain for training


class Part(NamedTuple):
    """`images`: uint8, N x 32 x 32 x 3; `labels`: int64, N."""

    images: np.ndarray
    labels: np.ndarray


def parquet() -> Path:
    """The images: in the folder that `ASSAY_DATA` names, or in ../shared/data beside the project."""
    found = dataset_named("cifar10").find()
    shared = Path(__file__).parents[3] / "shared" / "data" / "cifar10-train.parquet"
    return found if found is not None and found.suffix == ".parquet" else shared


def tables() -> dict[str, Table]:
    """train, validation and test: 40,000, 5,000 and 5,000 images, stratified, the same in every run."""
    table = assay.read(parquet())
    labels = table.frame["label"].to_numpy()
    open_rows, test = train_test_split(
        np.arange(len(labels)), test_size=NUM_HELD_OUT, random_state=0, stratify=labels
    )
    train, validation = train_test_split(
        open_rows, test_size=NUM_HELD_OUT, random_state=0, stratify=labels[open_rows]
    )
    rows = {"train": train, "validation": validation, "test": test}
    return {name: table.take(part) for name, part in rows.items()}


def parts(tables_by_name: dict[str, Table]) -> dict[str, Part]:
    """The same as arrays; classes are numbered by the alphabet."""
    classes = sorted(set(tables_by_name["train"].frame["label"]))
    found = {}
    for name, table in tables_by_name.items():
        images = table.images.batch(np.arange(len(table))).permute(0, 2, 3, 1).numpy()
        found[name] = Part(images, np.array([classes.index(label) for label in table.frame["label"]]))
    return found
