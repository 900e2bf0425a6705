"""`assay test`: the seal is opened, once for each bundle, and every opening is recorded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from assay.core.errors import DataError, RecipeError
from assay.core.files import write_json
from assay.core.metrics import measure
from assay.core.predictions import Predictions
from assay.data.images.schema import ImageSchema
from assay.diagnosis.bootstrap import error_interval
from assay.diagnosis.resampling import Resampling
from assay.reports.study_report import write_study_report
from assay.study.image_set import ImageSet
from assay.study.neighbours import with_neighbours
from assay.study.parts import sealed_rows
from assay.study.seal import opening_of, seal_record
from assay.study.source import Source, read_source

if TYPE_CHECKING:
    from assay.bundle.bundle import Bundle
    from assay.data.split import Split
    from assay.data.table import Table
    from assay.study.source import Rows
    from assay.study.study import Study


def open_seal(study: Study, data: Any = None) -> dict[str, Any]:
    """The metrics of the test rows, measured once for the study's bundle.

    A second call for the same bundle measures nothing: it answers with the result on record.

    Args:
        study: a finished one.
        data: the rows, when the file has moved or they came from memory.

    Returns:
        the study's metrics, with "test", "test_error" (an interval) and the openings of the seal. Rows of a
        class that no training row had are left out, and images that cannot be decoded where the recipe says
        `images.skip_broken`; the opening says how many ("unknown_class_rows", "broken_rows").

    Raises:
        DataError: the rows are not those that the study was made from, or hold what the network cannot take;
            the seal is then still closed.
    """
    split, bundle = study.split, study.bundle
    opening = opening_of(split, bundle.sha256)
    if opening is None or "test" not in opening:
        predictions = _unsealed_predictions(study, split, data)
        interval = error_interval(predictions, study.recipe.metric, seed=study.recipe.seed)
        opening = opening_of(split, bundle.sha256) or {}
        drawn = Resampling.of(predictions, study.recipe.metric).words
        opening |= {"test": measure(predictions), "test_error": interval.to_json() | {"bootstrap": drawn}}
        split.save(study.folder)
    metrics = study.metrics | seal_record(split, bundle.sha256)
    write_json(study.folder / "metrics.json", metrics)
    write_study_report(study.folder)
    return metrics


def _unsealed_predictions(study: Study, split: Split, data: Any) -> Predictions:
    recipe = study.recipe
    given = recipe.data if data is None else data
    if given is None:
        raise RecipeError("the rows came from memory, so they must be given again", hint="study.test(frame)")
    rows, table, source = read_source(given, recipe)
    Source.load(study.folder).check(source)
    bundle = study.bundle
    sealed, places = _sealed(rows, table, split, bundle)
    output = bundle.outputs(bundle.schema.encode(sealed))  # what cannot be is refused, seal closed
    _record_opening(study, split)
    known = _known_classes(bundle, sealed)
    left_out = {"unknown_class_rows": len(known) - known.sum(), "broken_rows": len(split.test) - len(places)}
    opening = opening_of(split, bundle.sha256) or {}
    opening |= {name: int(count) for name, count in left_out.items() if count}
    kept = sealed.take(np.flatnonzero(known))
    found = _beside_truth(bundle, kept, output[known], places[known])
    return with_neighbours(found, kept, split.method)


def _beside_truth(bundle: Bundle, table: Table, output: np.ndarray, rows: np.ndarray) -> Predictions:
    """What was answered before the opening, beside the targets: a large network would take as long again."""
    truth, labels = bundle.target.encode(table.frame[bundle.target.name]), tuple(map(str, bundle.labels))
    return Predictions(bundle.task, truth, output, labels, rows, threshold=bundle.decision.threshold)


def _sealed(rows: Rows, table: Table, split: Split, bundle: Bundle) -> tuple[Table, np.ndarray]:
    """The test rows as the network takes them, and their row numbers; images are decoded here.

    Raises:
        DataError: a value cannot be read, or an image cannot be decoded: the first are named.
    """
    schema = bundle.schema
    if isinstance(rows, ImageSet) and isinstance(schema, ImageSchema):
        return rows.sealed(split.test, schema.format)
    return sealed_rows(rows, table, split, [*schema.names, bundle.target.name]), split.test


def _known_classes(bundle: Bundle, sealed: Table) -> np.ndarray:
    """(N,) whether a training row had the class of each test row; only such a class can be measured.

    Raises:
        DataError: none had.
    """
    values = sealed.frame[bundle.target.name]
    if not bundle.task.is_classification:
        return np.ones(len(values), dtype=bool)
    labels = set(bundle.labels)
    known = np.array([value in labels for value in values.to_list()], dtype=bool)
    if not known.any():
        raise DataError(
            f"none of the {len(known):,} test rows has a class that a training row had, so nothing can be "
            "measured",
            hint="divide the rows another way, in a new study",
            where=f"{sealed.name}, column {values.name!r}",
        )
    return known


def _record_opening(study: Study, split: Split) -> None:
    """Before anything is measured: a crash in between must not hide that the rows were seen."""
    if opening_of(split, study.bundle.sha256) is None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        split.openings.append({"at": now, "bundle": study.bundle.sha256})
        split.save(study.folder)
