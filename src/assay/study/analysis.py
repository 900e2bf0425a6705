"""The error analysis of a study's runs: floor, gaps, leaks, and where the errors are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assay.core.files import write_json
from assay.diagnosis.diagnose import diagnose
from assay.diagnosis.errors import find_errors
from assay.diagnosis.floor import Floor, estimate_floor
from assay.diagnosis.leaks import audit_parts
from assay.reports.study_report import write_study_report
from assay.study.answers import repeated_labels, soft_labels
from assay.study.reference import Reference, reference_predictions
from assay.study.runs import Run

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
    from assay.diagnosis.diagnosis import Diagnosis
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
    def reference(self) -> Reference:
        """A model of another family, fitted to the training rows."""
        parts, seed = self.bench.parts, self.bench.study.recipe.seed
        return reference_predictions(parts.train, parts.alike, _of_one_kind(self.first), seed=seed)

    @cached_property
    def leaks(self) -> tuple[dict[str, Any], ...]:
        """What passes from the training rows to the validation rows and should not."""
        parts = self.bench.parts
        found = audit_parts(parts.train, parts.validation, self.first["validation"], self.bench.split.method)
        return tuple(leak.to_json() for leak in found)

    def diagnosis(self, run: Run) -> Diagnosis:
        """What is to blame for the run's error, by all its seeds."""
        trainings = run.all_predictions()
        floor = self._floor(run.recipe, *_of_one_kind(trainings[0]))
        diagnosis = judged(run.recipe, [tuple(parts.values()) for parts in trainings], floor)
        return replace(diagnosis, leaks=self.leaks)

    def write_errors(self, run: Run) -> None:
        """Write errors.json: where the run's network errs on the validation rows."""
        bundle, recipe = run.bundle, run.recipe
        errors = find_errors(
            run.predictions()["validation"],
            self.bench.parts.validation,
            train=self.reference.train,
            predict=bundle.predictions,
            metric=recipe.metric,
            seed=recipe.seed,
        )
        write_json(self.bench.study.folder / "errors.json", errors.to_json())

    def _floor(self, recipe: Recipe, train: Predictions, alike: Predictions) -> Floor | None:
        if recipe.bayes_error is not None or not recipe.floor.estimate:
            return None
        evidence = self.reference.evidence(
            train,
            alike,
            soft_labels=soft_labels(recipe, self.bench.parts),
            repeated_labels=repeated_labels(recipe, self.bench.parts),
        )
        return estimate_floor(evidence, recipe.metric, seed=recipe.seed)


def _of_one_kind(parts: dict[str, Predictions]) -> tuple[Predictions, Predictions]:
    """Of training rows and of new rows like them."""
    return parts["train"], parts.get("train_like", parts["validation"])


def judged(recipe: Recipe, trainings: list[tuple[Predictions, ...]], floor: Floor | None) -> Diagnosis:
    """The error analysis by the recipe's metric, floor and seed.

    Args:
        recipe: of the trainings.
        trainings: of each seed the predictions of training, validation and, where there are such, train-like
            rows.
        floor: as estimated; None where the recipe states it, or nothing is known.
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
    diagnosis = replace(judged(recipe, trainings, floor), leaks=before.leaks)
    write_json(study.folder / "diagnosis.json", diagnosis.to_json())
    write_study_report(study.folder)
    return diagnosis
