"""The loop for several runs at once: fit -> run_epoch -> train_step."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn, optim

from assay.core.seeds import child_seed
from assay.networks import MLP
from assay.training.batches import Batch, TensorBatches, batch_sizes
from assay.training.best import Best
from assay.training.objective import Objective
from assay.training.optimizer import Schedule
from assay.training.settings import TrainingSettings
from assay.training.stacked_adam import StackedAdam
from assay.training.stacked_mlps import StackedMLPs
from assay.training.stopping import INTERRUPTED, reason_to_stop
from assay.training.training import Training

# R runs that go on, B rows of a batch, N rows.


class StackedTrainer:
    """Fits MLPs of one shape, epoch by epoch, until each of them has a reason to stop.

    Args:
        networks: that `can_stack`.
        objective: of all of them.
        batches: the training rows.
        validation: the validation rows, or None.
        settings: of each run, every rule worked out; optimizer, loss and batch size are the same.
        seeds: of each run.
    """

    def __init__(
        self,
        networks: Sequence[nn.Module],
        objective: Objective,
        batches: TensorBatches,
        *,
        validation: TensorBatches | None,
        settings: Sequence[TrainingSettings],
        seeds: Sequence[int],
    ) -> None:
        self.objective, self.batches, self.validation = objective, batches, validation
        self.runs = [
            _Run(network, own, seed, batches.num_steps, has_validation=validation is not None)
            for network, own, seed in zip(networks, settings, seeds, strict=True)
        ]
        self.going_on = self.runs
        self.stack = StackedMLPs([run.network for run in self.runs])
        self.optimizer = StackedAdam(
            self.stack.weights_RW,
            [own.weight_decay or 0.0 for own in settings],
            decoupled=settings[0].optimizer == "adamw",
        )
        self.epoch, self._began = 0, time.perf_counter()

    def fit(self) -> None:
        """Run epochs until every run has stopped, then put the best weights into the networks."""
        try:
            while self.going_on:
                self.run_epoch()
                self._leave_out_the_stopped()
        except KeyboardInterrupt:
            for run in self.going_on:
                run.stopped = INTERRUPTED
        finally:
            for run in self.runs:
                run.best.restore()
                run.network.eval()

    def run_epoch(self) -> None:
        """Train each run on every row once, measure on the validation rows, note what came out."""
        start = time.perf_counter()
        self.epoch += 1
        torch.manual_seed(child_seed(self.runs[0].seed, "epoch", self.epoch))  # dropout
        records: list[dict[str, Any]] = [
            {"epoch": self.epoch, "learning_rate": run.learning_rate} for run in self.going_on
        ]
        totals_R = torch.zeros(len(records), dtype=torch.float64)
        for inputs, targets in self._shuffled():
            totals_R += self.train_step(inputs, targets) * targets[0].numel()
        count = self.batches.targets.numel()
        scores = {"train_loss": [total / count for total in totals_R.tolist()], **self._evaluated()}
        for name, values in scores.items():
            for record, value in zip(records, values, strict=True):
                record[name] = value
        for run, record, weights_W in zip(
            self.going_on, records, self.stack.weights_RW.detach(), strict=True
        ):
            record["seconds"] = time.perf_counter() - start
            run.end_epoch(record, weights_W, time.perf_counter() - self._began)

    def train_step(self, inputs_RBP: Tensor, targets_RB: Tensor) -> Tensor:
        """One step of every run, each on its batch; the mean losses, (R,) float64."""
        outputs = self.stack.forward(inputs_RBP, training=True)
        losses_R = torch.vmap(self.objective.training_loss)(outputs, targets_RB)
        (gradient_RW,) = torch.autograd.grad(losses_R.sum(), self.stack.weights_RW)
        rates = [run.learning_rate for run in self.going_on]
        self.optimizer.step(self.stack.weights_RW, gradient_RW, rates)
        for run in self.going_on:
            run.after_step()
        return losses_R.detach().double()

    def training(self, number: int, reasons: dict[str, str]) -> Training:
        """What run `number` gives, once `fit` has come to its end."""
        run = self.runs[number]
        settings = run.settings.model_copy(update={"loss": self.objective.loss})
        seconds = time.perf_counter() - self._began
        return Training(run.network, run.history, run.best.epoch, run.stopped, seconds, settings, reasons)

    def _shuffled(self) -> Iterator[Batch]:
        """Batches (R, B, ...), each run's rows in the order that its seed and the epoch name."""
        orders_RN = torch.stack([self.batches.order(run.seed, self.epoch) for run in self.going_on])
        for rows_RB in torch.split(orders_RN, batch_sizes(self.batches.num_rows, self.batches.batch_size), 1):
            rows, shape = rows_RB.flatten(), rows_RB.shape
            inputs, targets = self.batches.inputs, self.batches.targets
            yield (
                inputs.index_select(0, rows).view(*shape, *inputs.shape[1:]),
                targets.index_select(0, rows).view(*shape, *targets.shape[1:]),
            )

    @torch.no_grad()
    def _evaluated(self) -> dict[str, list[float]]:
        """Loss and metric of each run on the validation rows."""
        if self.validation is None:
            return {}
        losses_R = metrics_R = torch.zeros(len(self.going_on), dtype=torch.float64)
        for inputs, targets in self.validation.in_order():
            outputs = self.stack.forward(inputs.expand(len(losses_R), *inputs.shape), training=False)
            losses_R = losses_R + torch.vmap(self.objective, (0, None))(outputs, targets) * targets.numel()
            metrics_R = metrics_R + torch.vmap(self.objective.measure, (0, None))(outputs, targets)
        count, name = self.validation.targets.numel(), f"validation_{self.objective.metric}"
        return {
            "validation_loss": [loss / count for loss in losses_R.tolist()],
            name: [self.objective.finish(metric, count) for metric in metrics_R.tolist()],
        }

    def _leave_out_the_stopped(self) -> None:
        kept = [row for row, run in enumerate(self.going_on) if not run.stopped]
        if len(kept) < len(self.going_on):
            self.going_on = [self.going_on[row] for row in kept]
            if kept:
                self.stack.keep(kept)
                self.optimizer.keep(kept)


class _Run:
    """What one run has of its own besides its weights."""

    def __init__(
        self,
        network: nn.Module,
        settings: TrainingSettings,
        seed: int,
        num_steps: int,
        *,
        has_validation: bool,
    ) -> None:
        assert isinstance(network, MLP) and settings.learning_rate is not None
        self.network, self.settings, self.seed = network, settings, seed
        self.history: list[dict[str, Any]] = []
        self.stopped = ""
        self.best = Best(network, settings.min_delta, has_validation=has_validation)
        # Of an optimizer without weights, torch's schedules make the learning rate of each step.
        self._clock = optim.SGD([torch.zeros(1, requires_grad=True)], settings.learning_rate)
        self._schedule = Schedule(self._clock, settings, num_steps)

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        return float(self._clock.param_groups[0]["lr"])

    def after_step(self) -> None:
        if self._schedule.by_step:
            self._clock.step()
            self._schedule.after_step()

    def end_epoch(self, record: dict[str, Any], weights_W: Tensor, seconds: float) -> None:
        """Note an epoch and its weights, and whether there is a reason to stop."""
        epoch, loss = record["epoch"], record.get("validation_loss", record["train_loss"])
        if not (math.isfinite(loss) and bool(torch.isfinite(weights_W.square().sum()))):
            self.stopped = f"the loss or the weights are not finite in epoch {epoch}"
            return
        nn.utils.vector_to_parameters(weights_W.clone(), self.network.parameters())
        if not self._schedule.by_step:
            self._clock.step()
        self._schedule.after_epoch(loss)
        self.best.update(epoch, loss)
        left = seconds / epoch * (self.settings.epochs - epoch)
        limit = self.settings.max_seconds
        record["seconds_left"] = left if limit is None else max(0.0, min(left, limit - seconds))
        self.history.append(record)
        self.stopped = reason_to_stop(self.settings, epoch, self.best.waited, seconds)
