"""Where recipes are trained on one study's parts, each in its own run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assay.core.errors import CutShortError
from assay.core.files import write_json, write_text
from assay.core.predictions import Predictions, save_predictions
from assay.core.seeds import child_seed
from assay.study.neighbours import with_neighbours
from assay.study.outcome import save_outcome
from assay.study.recipe_file import recipe_text
from assay.study.runs import Run, next_name, runs_of
from assay.study.trial import can_share_steps, fit_seeds, predictions_of
from assay.study.trials import make_trial
from assay.training.stopping import INTERRUPTED, can_go_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from assay.bundle.bundle import Bundle
    from assay.data.split import Split
    from assay.data.table import Table
    from assay.study.any_trial import AnyTrial
    from assay.study.budget import Budget
    from assay.study.parts import Parts
    from assay.study.progress import Progress
    from assay.study.recipe import Recipe
    from assay.study.study import Study
    from assay.training.training import Training


@dataclass(frozen=True)
class Workbench:
    """Trains recipes on the rows that a study may look at.

    Attributes:
        study: whose folder holds the runs.
        parts: the rows.
        split: their row numbers.
        progress: listens.
        budget: the time of the command.
    """

    study: Study
    parts: Parts
    split: Split
    progress: Progress
    budget: Budget

    def run(self, name: str) -> Run:
        """The run of this name, trained or not."""
        return Run(self.study.folder / "runs" / name)

    def trial(self, recipe: Recipe, number: int = 0) -> AnyTrial:
        """A training of the recipe from its seed `number`."""
        return make_trial(recipe, self.parts.train, self.parts.validation, weight_seed(recipe, number))

    def begin(self, recipe: Recipe, origin: Mapping[str, Any]) -> Run:
        """The run for a recipe; the one that was begun for the same remedy and parent, if there is one."""
        for run in runs_of(self.study.folder):
            if run.origin == origin:
                return run
        run = self.run(next_name(self.study.folder))
        trial = self.trial(recipe)
        write_json(run.folder / "origin.json", origin)
        text = recipe_text(trial.recipe, trial.reasons, self.parts.train.columns)
        write_text(run.folder / "recipe.toml", text)
        return run

    def train(self, run: Run, trial: AnyTrial, progress: Progress, *, resume: bool) -> Training:
        """Train a run's recipe, and write what came of it, even if it was cut short after an epoch."""
        training, bundle = self._fit(run, trial, progress, resume=resume)
        if training.history:
            bundle, predictions = self._measured(bundle, trial.recipe)
            save_outcome(run, trial, training, bundle, predictions)
        return training

    def train_candidate(self, run: Run, progress: Progress) -> None:
        """Train a run's recipe to its end; one that is finished already stays as it is.

        Raises:
            CutShortError: it did not come to its end; the checkpoint stays.
            TrainingError: the loss is no longer finite.
        """
        if run.is_finished:
            return
        trial = self.trial(run.recipe)
        training, bundle = self._fit(run, trial, progress, resume=True)
        self._need_end(training, run.recipe)
        bundle, predictions = self._measured(bundle, trial.recipe)
        save_outcome(run, trial, training, bundle, predictions)

    def train_seeds(self, run: Run, seeds: int, progress: Progress) -> None:
        """Train a run's recipe from every other seed, unless that was done; at once where that is quicker.

        Raises:
            CutShortError: the time is up.
            TrainingError: a loss is no longer finite.
        """
        numbers = [number for number in range(1, seeds) if not run.seed_path(number).exists()]
        trials = [self.trial(run.recipe, number) for number in numbers]
        if trials and can_share_steps(trials):
            fitted = fit_seeds(trials, self.budget.for_training())
            for number, (bundle, training) in zip(numbers, fitted, strict=True):
                self._keep_seed(run, number, bundle, training)
            return
        for number, trial in zip(numbers, trials, strict=True):
            self._keep_seed(run, number, *trial.fit(None, progress, seconds=self.budget.for_training()))

    def _keep_seed(self, run: Run, number: int, bundle: Bundle, training: Training) -> None:
        self._need_end(training, run.recipe)
        save_predictions(run.seed_path(number), self._measured(bundle, run.recipe)[1])

    def try_out(self, recipe: Recipe, progress: Progress) -> Predictions:
        """The validation rows as a training predicts them that is kept nowhere.

        Raises:
            CutShortError: it did not come to its end.
            RecipeError: its settings do not go together.
            TrainingError: the loss is no longer finite.
        """
        bundle, training = self.trial(recipe).fit(None, progress, seconds=self.budget.for_training())
        self._need_end(training, recipe)
        return self._measured(bundle, recipe)[1]["validation"]

    def _fit(self, run: Run, trial: AnyTrial, progress: Progress, *, resume: bool) -> tuple[Training, Bundle]:
        """Train in the run's folder; the time of an earlier part does not count against the command's."""
        limit = self.budget.for_training()
        if limit is not None and resume:
            limit += sum(record.get("seconds", 0.0) for record in run.history)
        seconds = None if limit is None else round(limit, 3)
        bundle, training = trial.fit(run.folder, progress, seconds=seconds, resume=resume)
        return training, bundle

    def _need_end(self, training: Training, recipe: Recipe) -> None:
        """Refuse a training that the command's time or Ctrl-C ended, not its own recipe."""
        if training.stopped == INTERRUPTED:
            raise CutShortError(INTERRUPTED)
        limit = recipe.training.max_seconds
        if can_go_on(training.stopped) and not (limit is not None and training.seconds >= limit):
            raise CutShortError(self.budget.spent)

    def predict(self, bundle: Bundle, part: str) -> Predictions:
        """A bundle's predictions of the part of this name, with the neighbours of each row."""
        table, rows = self._tables()[part]
        return with_neighbours(predictions_of(bundle, table, rows), table, self.split.method)

    def _tables(self) -> dict[str, tuple[Table, np.ndarray]]:
        """The parts by name, with their row numbers."""
        tables = {
            "train": (self.parts.train, self.split.train),
            "validation": (self.parts.validation, self.split.validation),
        }
        if self.parts.train_like is not None:
            tables["train_like"] = (self.parts.train_like, self.split.train_like)
        return tables

    def _measured(self, bundle: Bundle, recipe: Recipe) -> tuple[Bundle, dict[str, Predictions]]:
        """The bundle with its probabilities calibrated, and its predictions of the parts."""
        found = {name: self.predict(bundle, name) for name in self._tables()}
        decided = bundle.decided(
            found["validation"], recipe.metric, threshold=recipe.threshold, seed=recipe.seed
        )
        if decided.task.is_classification:
            found = {name: decided.decision.apply(p) for name, p in found.items()}
        return decided, found


def weight_seed(recipe: Recipe, number: int) -> int:
    """The seed of the recipe's training `number`: 0 is the one that is deployed."""
    return recipe.seed if number == 0 else child_seed(recipe.seed, "replication", number)
