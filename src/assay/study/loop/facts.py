"""What remedies ask about the best run, found out when they ask.

Shapes: Nt training rows, Nv validation rows, D columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assay.data.column import Kind
from assay.data.images.preparation import ImagePreparation
from assay.data.schema import Schema
from assay.diagnosis.importance import permutation_importance
from assay.networks.backbone_files import cached_backbone
from assay.study.remedies import State
from assay.training.trouble import optimisation_trouble

if TYPE_CHECKING:
    from assay.diagnosis.diagnosis import Diagnosis
    from assay.study.runs import Run
    from assay.study.workbench import Workbench

_SHIFTED = 0.3  # of the two distributions lies apart
_MOST_DROPPED = 3
_MOST_IMAGES = 256  # that dead units are looked for with


@dataclass(frozen=True)
class RunFacts:
    """Facts of one run.

    Attributes:
        bench: has the rows.
        run: finished.
    """

    bench: Workbench
    run: Run

    def suggested_rate(self) -> float:
        """The learning rate of a range test on the training rows."""
        return self.bench.trial(self.run.recipe).suggested_rate()

    def useless_columns(self) -> tuple[str, ...]:
        """Features that can be shuffled without loss on the validation rows, and that have no twin."""
        return self._useless

    def shifting_columns(self) -> tuple[str, ...]:
        """At most three features whose distributions in the two parts lie apart most."""
        return self._shifting

    def troubles(self) -> tuple[str, ...]:
        """What is wrong with the optimisation, by name."""
        return self._troubles

    def backbone(self) -> str:
        """The first pretrained network whose weights lie in torchvision's cache; empty: there is none."""
        return cached_backbone()

    @cached_property
    def _useless(self) -> tuple[str, ...]:
        if self.bench.parts.train.images is not None:
            return ()
        bundle, recipe, table = self.run.bundle, self.run.recipe, self.bench.parts.validation
        found = permutation_importance(bundle.predictions, table, recipe.metric, seed=recipe.seed)
        useless = [one.column for one in found if one.change.low <= 0.0 and not one.twins]
        return tuple(useless) if len(useless) < len(found) else ()

    @cached_property
    def _troubles(self) -> tuple[str, ...]:
        bundle, train = self.run.bundle, self.bench.parts.train
        if train.images is not None:  # prepared, all of them at once may not fit into memory
            train = train.take(np.linspace(0, len(train) - 1, min(len(train), _MOST_IMAGES)).astype(np.int64))
        inputs = bundle.preparation.prepare(train)
        return tuple(
            one.name for one in optimisation_trouble(self.run.history, bundle.network.network, inputs)
        )

    @cached_property
    def _shifting(self) -> tuple[str, ...]:
        parts = self.bench.parts
        if parts.train.images is not None:
            return ()
        schema = Schema.of(parts.train)
        train_ND, validation_ND = schema.encode(parts.train), schema.encode(parts.validation)
        used = {column.name for column in parts.train.features if column.kind is not Kind.DATE}
        apart = {
            column.name: _apart(train_ND[:, number], validation_ND[:, number])
            for number, column in enumerate(schema.columns)
            if column.name in used and column.name not in self.run.recipe.read.ignore
        }
        shifted = sorted((name for name in apart if apart[name] > _SHIFTED), key=lambda name: -apart[name])
        return tuple(shifted[:_MOST_DROPPED]) if len(shifted) < len(apart) else ()


def _apart(train_N: np.ndarray, validation_N: np.ndarray) -> float:
    """The largest distance of the two distribution functions (Kolmogorov-Smirnov), without missing values."""
    sides = [np.sort(values[~np.isnan(values)]) for values in (train_N, validation_N)]
    if not all(map(len, sides)):
        return 0.0
    both = np.concatenate(sides)
    train, validation = (np.searchsorted(side, both, side="right") / len(side) for side in sides)
    return float(np.abs(train - validation).max())


def state_of(bench: Workbench, run: Run, diagnosis: Diagnosis) -> State:
    """Where a study stands with this run as its best."""
    metrics, predictions = run.metrics, run.predictions()["train"]
    num_classes = len(predictions.labels)
    counts = np.bincount(predictions.truth, minlength=num_classes) if num_classes else np.zeros(0)
    bias, preparation = diagnosis.bias, run.bundle.preparation
    return State(
        recipe=run.recipe,
        task=predictions.task,
        verdict=diagnosis.verdict,
        bias=(bias.low + bias.high) / 2.0 if bias.value is None else bias.value,
        variance=diagnosis.variance.value or 0.0,
        history=run.history,
        best_epoch=int(metrics["best_epoch"]),
        stopped=str(metrics["stopped"]),
        num_rows=len(predictions),
        num_inputs=preparation.num_outputs,
        class_shares=tuple(map(float, counts / max(counts.sum(), 1))),
        method=bench.split.method,
        facts=RunFacts(bench, run),
        shape=preparation.output_shape if isinstance(preparation, ImagePreparation) else None,
    )
