"""The validation rows of a study, as its network takes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assay.data.images.images import Images
from assay.study.parts import Parts
from assay.study.source import Source, read_source

if TYPE_CHECKING:
    from assay.study.study import Study


def validation_rows(study: Study, most: int, data: Path | str | None = None) -> np.ndarray | None:
    """Raw validation rows, evenly taken; no test row is among them.

    Args:
        study: a finished one.
        most: rows, at most.
        data: the data file, where it has moved.

    Returns:
        (N, C) float64 or (N, C, H, W) uint8; None where the study's rows came from memory or its file is not
        there.

    Raises:
        DataError: the rows are not those that the study was made from.
    """
    recipe = study.recipe
    given = recipe.data if data is None else data
    if given is None or (data is None and not Path(given).exists()):
        return None
    rows, table, source = read_source(given, recipe)
    Source.load(study.folder).check(source)
    validation = Parts.of(rows, table, study.split, recipe.read).validation
    chosen = np.linspace(0, len(validation) - 1, min(most, len(validation))).astype(np.int64)
    raw = study.bundle.schema.encode(validation.take(chosen))
    if isinstance(raw, Images):
        raw = raw.batch(np.arange(len(raw))).numpy()
    return raw


def study_of(path: Path) -> Study | None:
    """The study that a path names, or whose bundle it names; None where it names another's."""
    from assay.study.study import Study

    for folder in (path, path.absolute().parent):
        if not (folder / "split.json").exists():  # a single run has all else that a study has
            continue
        study = Study.open(folder)
        if study.is_finished and path.resolve() in {folder.resolve(), study.bundle_path.resolve()}:
            return study
    return None
