"""What is found in the rows of a table: a reference model, the floor, leaks, and where a network errs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assay.core.files import write_json
from assay.diagnosis.errors import find_errors
from assay.diagnosis.floor import Floor, estimate_floor
from assay.diagnosis.leaks import audit_parts
from assay.study.answers import repeated_labels, soft_labels
from assay.study.reference import Reference, reference_predictions

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
    from assay.study.recipe import Recipe
    from assay.study.runs import Run
    from assay.study.workbench import Workbench


@dataclass(frozen=True)
class TableFindings:
    """Findings in a table; `ImageFindings` has the same face.

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

    def floor(self, recipe: Recipe, trainings: list[dict[str, Predictions]]) -> Floor:
        """The lowest reachable error, by the predictions of the first training."""
        train, alike = _of_one_kind(trainings[0])
        evidence = self.reference.evidence(
            train,
            alike,
            soft_labels=soft_labels(recipe, self.bench.parts),
            repeated_labels=repeated_labels(recipe, self.bench.parts),
        )
        return estimate_floor(evidence, recipe.metric, seed=recipe.seed)

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


def _of_one_kind(parts: dict[str, Predictions]) -> tuple[Predictions, Predictions]:
    """Of training rows and of new rows like them."""
    return parts["train"], parts.get("train_like", parts["validation"])
