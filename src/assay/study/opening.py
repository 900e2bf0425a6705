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
from assay.study.source import Source, read_source
from assay.study.trial import predictions_of

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
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
    metrics = study.metrics
    bundle = study.bundle
    opened = study.split.openings
    if any(opening["bundle"] == bundle.sha256 for opening in opened) and metrics["test"] is not None:
        return metrics
    predictions = _unsealed_predictions(study, data)
    recipe = study.recipe
    metrics |= {
        "test": measure(predictions),
        "test_error": error_interval(predictions, recipe.metric, seed=recipe.seed).to_json(),
        "seal": {"opened": study.split.openings},
    }
    write_json(study.folder / "metrics.json", metrics)
    write_study_report(study.folder)
    return metrics


def _unsealed_predictions(study: Study, data: Any) -> Predictions:
    recipe, split = study.recipe, study.split
    given = recipe.data if data is None else data
    if given is None:
        raise RecipeError("the rows came from memory, so they must be given again", hint="study.test(frame)")
    table, source = read_source(given, recipe.target, recipe.read)
    Source.load(study.folder).check(source)
    # On record before anything is measured: a crash in between must not hide that the rows were seen.
    split.openings.append(
        {"at": datetime.now(UTC).isoformat(timespec="seconds"), "bundle": study.bundle.sha256}
    )
    split.save(study.folder)
    settled = settle_kinds(table, split.train, recipe.read)
    return predictions_of(study.bundle, settled.take(split.test), split.test)
