"""What is written before a study's first training starts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from assay.core.errors import RecipeError
from assay.core.files import read_jsonl, write_json, write_text
from assay.data.inspection import inspect
from assay.data.inspection.codes import CODES
from assay.study.recipe import Recipe
from assay.study.recipe_file import recipe_text, with_values
from assay.study.runs import FIRST
from assay.study.study import Study

if TYPE_CHECKING:
    from assay.data.split import Split
    from assay.study.any_trial import AnyTrial
    from assay.study.parts import Parts
    from assay.study.source import Source


def need_new_folder(folder: Path, *, resume: bool) -> None:
    """Refuse a folder that holds something.

    Raises:
        RecipeError: it does, or it is a file.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise RecipeError(f"--out {folder} is a file", hint="name a new folder")
    if any(folder.iterdir()) and not resume:
        is_study = Study(folder).recipe_path.exists()
        hint = "--resume goes on with it, or name a new folder" if is_study else "name a new or empty folder"
        raise RecipeError(f"--out {folder} holds {'a study' if is_study else 'files'} already", hint=hint)


def begin(study: Study, trial: AnyTrial, source: Source, divided: Split, parts: Parts) -> None:
    """Write what is known before the training starts; recipe.toml last, since it makes the folder a study."""
    muted = [code for code in trial.recipe.mute if code in CODES]  # the others are codes of leaks
    inspection = inspect(parts.unsealed, muted=muted)
    source.save(study.folder)
    divided.save(study.folder)
    write_json(study.folder / "inspection.json", inspection.to_json() | {"sealed_rows": len(divided.test)})
    write_text(study.folder / "ledger.jsonl", "")
    reasons = dict(trial.reasons)
    reasons["split.method"] = "; ".join(divided.reasons)
    if trial.recipe.metric == Recipe().metric_for(trial.target.task):
        reasons["metric"] = Recipe.reason("metric")
    text = recipe_text(trial.recipe, reasons, parts.train.columns)
    write_text(study.folder / "runs" / FIRST / "recipe.toml", with_values(text, {"rounds": 0}))
    write_text(study.recipe_path, text)


def forget_unless_trained(study: Study) -> None:
    """Some settings only the training can refuse, and a disk can be full; then the new folder goes again."""
    if not read_jsonl(study.folder / "runs" / FIRST / "history.jsonl"):
        shutil.rmtree(study.folder, ignore_errors=True)
