"""The error analysis of a study's runs: floor, gaps, leaks, and where the errors are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from assay.core.files import write_json
from assay.diagnosis.diagnose import diagnose
from assay.reports.study_report import write_study_report
from assay.study.image_findings import ImageFindings
from assay.study.runs import Run
from assay.study.table_findings import TableFindings

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
    from assay.diagnosis.diagnosis import Diagnosis
    from assay.diagnosis.floor import Floor
    from assay.study.recipe import Recipe
    from assay.study.study import Study
    from assay.study.workbench import Workbench


@dataclass(frozen=True)
class Analyst:
    """Diagnoses the runs of one study; what does not change with the network is found once.

    Attributes:
        bench: has the rows.
        first: predictions by any network, by part.
    """

    bench: Workbench
    first: dict[str, Predictions]

    @cached_property
    def findings(self) -> TableFindings | ImageFindings:
        """What is found in the rows themselves; the one place where tables and images part."""
        kind = TableFindings if self.bench.parts.train.images is None else ImageFindings
        return kind(self.bench, self.first)

    def diagnosis(self, run: Run) -> Diagnosis:
        """What is to blame for the run's error, by all its seeds."""
        recipe, trainings = run.recipe, run.all_predictions()
        is_wanted = recipe.bayes_error is None and recipe.floor.estimate
        floor = self.findings.floor(recipe, trainings) if is_wanted else None
        of_images = self.bench.parts.train.images is not None
        diagnosis = judged(recipe, [tuple(parts.values()) for parts in trainings], floor, of_images=of_images)
        leaks = tuple(leak for leak in self.findings.leaks if leak["code"] not in recipe.mute)
        return replace(diagnosis, leaks=leaks)

    def write_errors(self, run: Run) -> None:
        """Write errors.json: where the run's network errs on the validation rows."""
        self.findings.write_errors(run)


def judged(
    recipe: Recipe,
    trainings: list[tuple[Predictions, ...]],
    floor: Floor | None,
    *,
    of_images: bool = False,
) -> Diagnosis:
    """The error analysis by the recipe's metric, floor and seed.

    Args:
        recipe: of the trainings.
        trainings: of each seed the predictions of training, validation and, where there are such, train-like
            rows.
        floor: as estimated; None where the recipe states it, or nothing is known.
        of_images: whether the rows are images.
    """
    first = trainings[0]
    return diagnose(
        first[0],
        first[1],
        metric=recipe.metric,
        bayes_error=recipe.bayes_error,
        floor=floor,
        train_like=first[2] if len(first) > 2 else None,
        replications=trainings[1:],
        of_images=of_images,
        seed=recipe.seed,
    )


def diagnose_study(study: Study, bayes_error: float | None = None) -> Diagnosis:
    """Diagnose the best run from its stored predictions, and write diagnosis.json and the report anew.

    Args:
        study: a finished one.
        bayes_error: the floor; absent, the one of the study's recipe, or the one that was estimated.
    """
    run, recipe, before = Run(study.best), study.recipe, study.diagnosis
    if bayes_error is not None:
        recipe = recipe.changed({"bayes_error": bayes_error})
    floor = None if recipe.bayes_error is not None else before.floor
    trainings = [tuple(seed.values()) for seed in run.all_predictions()]
    of_images = "images" in study.inspection
    diagnosis = replace(judged(recipe, trainings, floor, of_images=of_images), leaks=before.leaks)
    write_json(study.folder / "diagnosis.json", diagnosis.to_json())
    write_study_report(study.folder)
    return diagnosis
