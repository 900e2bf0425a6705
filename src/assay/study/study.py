"""A study: the folder that one question about one data set is answered in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import BundleError, InputError
from assay.core.files import read_json, read_jsonl

if TYPE_CHECKING:
    from assay.bundle.bundle import Bundle
    from assay.data.split import Split
    from assay.diagnosis.diagnosis import Diagnosis
    from assay.study.recipe import Recipe


@dataclass(frozen=True)
class Study:
    """What stands in a study's folder; every property reads its file.

    Attributes:
        folder: holds recipe.toml, inspection.json, split.json, runs/, ledger.jsonl, diagnosis.json,
            metrics.json, bundle/ and report.html.
    """

    folder: Path

    @classmethod
    def open(cls, folder: Path | str) -> Study:
        """The study in `folder`.

        Raises:
            BundleError: there is no study, or its run was not finished.
        """
        study = cls(Path(folder))
        if not study.folder.is_dir():
            raise BundleError(
                f"there is no folder {study.folder}", hint="assay run DATA --target COL --out DIR"
            )
        if not study.recipe_path.exists():
            raise BundleError("the folder holds no study (no recipe.toml)", where=str(study.folder))
        return study

    @property
    def recipe_path(self) -> Path:
        """Every choice, resolved."""
        return self.folder / "recipe.toml"

    @property
    def bundle_path(self) -> Path:
        """What is deployed."""
        return self.folder / "bundle"

    @property
    def report_path(self) -> Path:
        """The page a person reads."""
        return self.folder / "report.html"

    @property
    def is_finished(self) -> bool:
        """Whether the run came to its end."""
        return (self.folder / "metrics.json").exists() and self.bundle_path.is_dir()

    @cached_property
    def recipe(self) -> Recipe:
        """Every choice, resolved."""
        from assay.study.recipe import Recipe

        return Recipe.load(self.recipe_path)

    @cached_property
    def split(self) -> Split:
        """The row numbers of the parts."""
        from assay.data.split import Split

        return Split.load(self.folder)

    @cached_property
    def bundle(self) -> Bundle:
        """The best run's network with its preparation."""
        from assay.bundle.bundle import load

        self._need_end()
        return load(self.bundle_path)

    @property
    def metrics(self) -> dict[str, Any]:
        """metrics.json of the best run, the test part included once the seal was opened."""
        self._need_end()
        return dict(read_json(self.folder / "metrics.json", BundleError))

    @property
    def diagnosis(self) -> Diagnosis:
        """The error analysis of the best run."""
        from assay.diagnosis.diagnosis import Diagnosis

        self._need_end()
        return Diagnosis.from_json(read_json(self.folder / "diagnosis.json", BundleError))

    @property
    def inspection(self) -> dict[str, Any]:
        """inspection.json: the training and validation rows as they came in."""
        return dict(read_json(self.folder / "inspection.json", BundleError))

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """The remedies that were tried, in order."""
        return read_jsonl(self.folder / "ledger.jsonl")

    @property
    def improvement(self) -> dict[str, Any]:
        """Where the rounds of remedies stand: "until" which round, and why they "ended" (None: not yet)."""
        path = self.folder / "improvement.json"
        return dict(read_json(path, BundleError)) if path.exists() else {}

    @property
    def best(self) -> Path:
        """The folder of the best run."""
        name = self.metrics.get("run")
        if not isinstance(name, str):
            raise BundleError("metrics.json names no run", where=str(self.folder))
        return self.folder / "runs" / name

    def test(self, data: Any = None) -> dict[str, Any]:
        """Open the seal of the test rows, once for each bundle; see `assay.study.opening.open_seal`."""
        from assay.study.opening import open_seal

        return open_seal(self, data)

    def _need_end(self) -> None:
        if not self.is_finished:
            raise InputError(
                "the run in this study was not finished",
                hint="the same `assay run` command with --resume goes on",
                where=str(self.folder),
            )

    def _repr_html_(self) -> str:
        """The report, as a notebook shows it."""
        import html

        page = html.escape(self.report_path.read_text(encoding="utf-8"), quote=True)
        return f'<iframe srcdoc="{page}" style="width:100%;height:40rem;border:0"></iframe>'
