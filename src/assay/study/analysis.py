"""`assay diagnose`: the error analysis again, from the predictions that the run stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.files import write_json
from assay.core.predictions import load_predictions
from assay.reports.study_report import write_study_report
from assay.study.outcome import judge

if TYPE_CHECKING:
    from assay.diagnosis.diagnosis import Diagnosis
    from assay.study.study import Study


def diagnose_study(study: Study, bayes_error: float | None = None) -> Diagnosis:
    """Diagnose the best run, and write diagnosis.json and the report anew.

    Args:
        study: a finished one.
        bayes_error: the floor; absent, the one of the study's recipe.
    """
    parts = load_predictions(study.best / "predictions.npz")
    recipe = study.recipe
    if bayes_error is not None:
        recipe = recipe.changed({"bayes_error": bayes_error})
    diagnosis = judge(recipe, parts["train"], parts["validation"])
    write_json(study.folder / "diagnosis.json", diagnosis.to_json())
    write_study_report(study.folder)
    return diagnosis
