"""The real data sets: frames without repeated rows, with their target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from assay.data.catalogue import fetch


@dataclass(frozen=True, eq=False)
class Data:
    """A data set.

    Attributes:
        name: for the table of results.
        frame: the rows, of which no two are equal.
        target: its column.
        time: the column that orders the rows, or "".
        reading: choices of `assay.read`.
    """

    name: str
    frame: pl.DataFrame
    target: str
    time: str = ""
    reading: dict[str, Any] | None = None

    @property
    def features(self) -> list[str]:
        """All other columns but the time."""
        return [name for name in self.frame.columns if name not in {self.target, self.time}]


def load(name: str) -> Data:
    """A data set by its name, natural duplicates left out."""
    data = _LOADERS[name]()
    without = [column for column in data.frame.columns if column != "ID"]
    frame = data.frame.unique(subset=without, keep="first", maintain_order=True)
    return Data(name, frame, data.target, data.time, data.reading)


def _bundled(name: str) -> Data:
    from sklearn import datasets

    options: dict[str, Any] = {"scaled": False} if name == "diabetes" else {}
    bunch = getattr(datasets, f"load_{name}")(**options)
    names = [str(feature) for feature in bunch.feature_names]
    frame = pl.DataFrame(np.asarray(bunch.data), schema=names)
    return Data(name, frame.with_columns(pl.Series("target", bunch.target)), "target")


def _credit(target: str = "default payment next month") -> Data:
    return Data("credit", pl.read_csv(fetch("credit")), target)


def _energy() -> Data:
    import assay

    return Data("energy", assay.read(fetch("energy"), target="Appliances").frame, "Appliances", "date")


def _year() -> Data:
    import assay

    return Data("year", assay.read(fetch("year-sample"), target="label").frame, "label")


def _somerville() -> Data:
    import assay

    return Data("somerville", assay.read(fetch("somerville"), target="D").frame, "D")


_LOADERS: dict[str, Callable[[], Data]] = {
    "credit": _credit,
    "credit, limit": lambda: _credit("LIMIT_BAL"),
    "credit, education": lambda: _credit("EDUCATION"),
    "energy": _energy,
    "year": _year,
    "somerville": _somerville,
    "iris": lambda: _bundled("iris"),
    "wine": lambda: _bundled("wine"),
    "breast cancer": lambda: _bundled("breast_cancer"),
    "diabetes": lambda: _bundled("diabetes"),
    "digits": lambda: _bundled("digits"),
}
NAMES = tuple(_LOADERS)
