"""`assay test`: the seal is opened, once for each bundle, and every opening is recorded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assay.core.errors import RecipeError
from assay.core.files import write_json
from assay.core.metrics import measure
from assay.data.kinds import settle_kinds
from assay.diagnosis.bootstrap import error_interval
from assay.reports.study_report import write_study_report
from assay.study.seal import opening_of, seal_record
from assay.study.source import Source, read_source
from assay.study.trial import predictions_of

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
    from assay.data.split import Split
    from assay.study.study import Study


def open_seal(study: Study, data: Any = None) -> dict[str, Any]:
    """The metrics of the test rows, measured once for the study's bundle.

    A second call for the same bundle measures nothing: it answers with the result on record.

    Args:
        study: a finished one.
        data: the rows, when the file has moved or they came from memory.

    Returns:
        the study's metrics, with "test", "test_error" (an interval) and the openings of the seal.

    Raises:
        DataError: the rows are not those that the study was made from.
    """
    split, bundle = study.split, study.bundle
    opening = opening_of(split, bundle.sha256)
    if opening is None or "test" not in opening:
        predictions = _unsealed_predictions(study, split, data)
        interval = error_interval(predictions, study.recipe.metric, seed=study.recipe.seed)
        opening = opening_of(split, bundle.sha256) or {}
        opening |= {"test": measure(predictions), "test_error": interval.to_json()}
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
    table, source = read_source(given, recipe.target, recipe.read)
    Source.load(study.folder).check(source)
    _record_opening(study, split)
    settled = settle_kinds(table, split.train, recipe.read)
    return predictions_of(study.bundle, settled.take(split.test), split.test)


def _record_opening(study: Study, split: Split) -> None:
    """Before anything is measured: a crash in between must not hide that the rows were seen."""
    if opening_of(split, study.bundle.sha256) is None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        split.openings.append({"at": now, "bundle": study.bundle.sha256})
        split.save(study.folder)
