"""The trainings of a study as they lie on disk: runs/001, runs/002, ..."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import BundleError
from assay.core.files import read_json, read_jsonl
from assay.core.predictions import Predictions, load_predictions

if TYPE_CHECKING:
    from assay.bundle.bundle import Bundle
    from assay.study.recipe import Recipe

FIRST = "001"


@dataclass(frozen=True)
class Run:
    """One recipe and its training; the same recipe's trainings from other seeds lie beside it.

    Attributes:
        folder: holds recipe.toml, history.jsonl, checkpoint.pt, and once it is finished bundle/,
            predictions.npz, metrics.json, and seeds/1.npz and so on.
    """

    folder: Path

    @property
    def name(self) -> str:
        """`"001"`."""
        return self.folder.name

    @property
    def is_finished(self) -> bool:
        """Whether its training came to an end and was measured: metrics.json is written last."""
        return (self.folder / "metrics.json").exists()

    @cached_property
    def recipe(self) -> Recipe:
        """Every choice, resolved."""
        from assay.study.recipe import Recipe

        return Recipe.load(self.folder / "recipe.toml")

    @property
    def origin(self) -> dict[str, Any]:
        """The remedy that it tries and the run that it changes; empty for the first run."""
        path = self.folder / "origin.json"
        return dict(read_json(path, BundleError)) if path.exists() else {}

    @property
    def history(self) -> list[dict[str, Any]]:
        """One record an epoch."""
        return read_jsonl(self.folder / "history.jsonl")

    @property
    def metrics(self) -> dict[str, Any]:
        """metrics.json."""
        return dict(read_json(self.folder / "metrics.json", BundleError))

    @property
    def bundle(self) -> Bundle:
        """The trained network."""
        from assay.bundle.bundle import load

        return load(self.folder / "bundle")

    def seed_path(self, number: int) -> Path:
        """Where the predictions of the training from seed `number` stand; 0 is the run itself."""
        return self.folder / ("predictions.npz" if number == 0 else f"seeds/{number}.npz")

    def predictions(self, number: int = 0) -> dict[str, Predictions]:
        """By part, of the training from seed `number`."""
        return load_predictions(self.seed_path(number))

    def all_predictions(self) -> list[dict[str, Predictions]]:
        """Of every training so far, the first seed's first."""
        found = [self.predictions()]
        while self.seed_path(len(found)).exists():
            found.append(self.predictions(len(found)))
        return found


def runs_of(study: Path) -> list[Run]:
    """All runs in the folder of a study, in order."""
    folders = (study / "runs").glob("[0-9]*")
    return [Run(folder) for folder in sorted(folders) if (folder / "recipe.toml").exists()]


def next_name(study: Path) -> str:
    """The name of the next run."""
    numbers = [int(folder.name) for folder in (study / "runs").glob("[0-9]*")]
    return f"{max(numbers, default=0) + 1:03d}"
