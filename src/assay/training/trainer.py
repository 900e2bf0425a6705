"""The loop: fit -> run_epoch -> train_step."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from assay.core.errors import TrainingError
from assay.core.files import append_jsonl
from assay.core.seeds import child_seed
from assay.training.best import Best
from assay.training.checkpoint import Checkpoint
from assay.training.compilation import compiled
from assay.training.evaluation import evaluate
from assay.training.hooks import tell
from assay.training.objective import Objective
from assay.training.optimizer import Schedule, make_optimizer
from assay.training.precision import autocast
from assay.training.running_loss import NotFiniteError, RunningLoss
from assay.training.settings import TrainingSettings
from assay.training.sources import Source


class Trainer:
    """Fits a network, epoch by epoch. Hooks see it and may call `stop`.

    Attributes:
        network: being trained; between epochs it holds the last weights, at the end the best.
        settings: with every rule worked out.
        epoch: the last one begun, from 1.
        history: the records of the epochs.
        best: the best weights so far.
        stopped: why the training ended; empty while it goes on.
        seconds: spent so far.
    """

    def __init__(
        self,
        network: nn.Module,
        objective: Objective,
        rows: Source,
        held_out: Source | None,
        settings: TrainingSettings,
        *,
        device: torch.device,
        seed: int = 0,
        hooks: Sequence[object] = (),
    ) -> None:
        self.network, self.objective, self.seed, self.hooks = network, objective, seed, hooks
        self.settings = settings.model_copy(update={"loss": objective.loss})
        size = settings.batch_size
        assert size is not None
        self.batches = rows.batches(objective, device, size)
        self.validation = held_out.batches(objective, device, size) if held_out else None
        self.optimizer = make_optimizer(network, settings)
        self.schedule = Schedule(self.optimizer, settings, self.batches.num_steps)
        self.best = Best(network, settings.min_delta, has_validation=self.validation is not None)
        self.epoch, self.history, self.stopped, self.seconds = 0, list[dict[str, Any]](), "", 0.0
        self._folder: Path | None = None
        self._checkpoint: Checkpoint | None = None
        self._forward = compiled(network, device) if settings.compile else network
        self._autocast = autocast(settings.precision, device)
        self._weights = [weight for weight in network.parameters() if weight.requires_grad]
        self._began = time.perf_counter()

    def fit(self) -> None:
        """Run epochs until there is a reason to stop, then put the best weights into the network.

        Raises:
            TrainingError: a loss is not finite; the best weights so far are in the network.
        """
        try:
            tell(self.hooks, "on_start", self)
            while not self._reason_to_stop():
                self.run_epoch()
        except KeyboardInterrupt:
            self.stopped = "interrupted"
        except NotFiniteError as error:
            raise self._not_finite(error) from None
        finally:
            self.best.restore()
            self.network.eval()
        tell(self.hooks, "on_end", self)

    def run_epoch(self) -> None:
        """Train on every row once, measure on the validation rows, note and keep what came out."""
        start, rate = time.perf_counter(), self.learning_rate
        self.epoch += 1
        torch.manual_seed(child_seed(self.seed, "epoch", self.epoch))  # dropout, and a loader's own choices
        self.network.train()
        running = RunningLoss()
        for inputs, targets in self.batches.shuffled(self.seed, self.epoch):
            running.add(self.train_step(inputs, targets), targets.numel())
            if self._is_out_of_time():
                break
        record = {"epoch": self.epoch, "train_loss": running.mean(), "learning_rate": rate}
        if self.validation is not None:
            scores = evaluate(self.network, self.validation, self.objective)
            record |= {f"validation_{name}": value for name, value in scores.items()}
        self._end_epoch(record, start)

    def train_step(self, inputs: Tensor, targets: Tensor) -> Tensor:
        """One step of the optimizer on one batch; the batch's mean loss, still on the device."""
        self.optimizer.zero_grad()
        with self._autocast:
            outputs = self._forward(inputs)
        loss = self.objective(outputs.float(), targets)
        loss.backward()  # type: ignore[no-untyped-call]
        if self.settings.clip_norm is not None:
            nn.utils.clip_grad_norm_(self._weights, self.settings.clip_norm)
        self.optimizer.step()
        self.schedule.after_step()
        return loss.detach()

    def stop(self, reason: str) -> None:
        """End the training after this epoch; for hooks."""
        self.stopped = reason

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        return float(self.optimizer.param_groups[0]["lr"])

    def write_to(self, folder: Path) -> Path:
        """Write history.jsonl and checkpoint.pt into `folder` from now on; the checkpoint's path."""
        self._folder, path = folder, folder / "checkpoint.pt"
        self._checkpoint = Checkpoint(path)
        return path

    def state_dict(self) -> dict[str, Any]:
        """Everything that the next epoch depends on, as plain values and tensors."""
        return {
            "run": self.identity(),
            "epoch": self.epoch,
            "seconds": self.seconds,
            "history": self.history,
            "network": self.network.state_dict(),
            "best": self.best.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Stand where `state_dict` stood."""
        self.epoch, self.seconds, self.history = state["epoch"], state["seconds"], state["history"]
        self.network.load_state_dict(state["network"])
        self.best.load_state_dict(state["best"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self._began = time.perf_counter() - self.seconds

    def identity(self) -> dict[str, Any]:
        """What may not change between the parts of one training; the time limit may."""
        settings = self.settings.model_dump(mode="json", exclude={"max_seconds"})
        return {"seed": self.seed, "rows": self.batches.num_rows, **settings}

    def _end_epoch(self, record: dict[str, Any], start: float) -> None:
        loss = record.get("validation_loss", record["train_loss"])
        if not math.isfinite(loss):
            raise NotFiniteError(loss, 0)
        self.schedule.after_epoch(loss)
        self.best.update(self.epoch, loss)
        now = time.perf_counter()
        self.seconds = now - self._began
        record |= {"seconds": now - start, "seconds_left": self._seconds_left()}
        self.history.append(record)
        try:
            tell(self.hooks, "on_epoch_end", self, record)
        finally:  # a hook may raise KeyboardInterrupt, and the epoch has been made all the same
            record |= {name: value.item() for name, value in record.items() if hasattr(value, "item")}
            if self._folder:
                append_jsonl(self._folder / "history.jsonl", record)
        if self._checkpoint:
            self._checkpoint.write(self.state_dict(), self.epoch, must=bool(self._reason_to_stop()))

    def _reason_to_stop(self) -> str:
        patience, waited = self.settings.patience, self.best.waited
        if not self.stopped and patience and waited >= patience:
            self.stopped = f"no better validation loss in {waited} epochs"
        if not self.stopped and self.epoch >= self.settings.epochs:
            self.stopped = f"all {self.settings.epochs} epochs done"
        if not self.stopped and self._is_out_of_time():
            self.stopped = f"the time of {self.settings.max_seconds:g} s is up"
        return self.stopped

    def _is_out_of_time(self) -> bool:
        limit = self.settings.max_seconds
        return limit is not None and time.perf_counter() - self._began >= limit

    def _seconds_left(self) -> float:
        """At most: early stopping may end it sooner."""
        left = self.seconds / self.epoch * (self.settings.epochs - self.epoch)
        limit = self.settings.max_seconds
        return left if limit is None else max(0.0, min(left, limit - self.seconds))

    def _not_finite(self, error: NotFiniteError) -> TrainingError:
        steps = self.batches.num_steps
        place = f"step {error.step} of {steps}" if error.step and steps else f"step {error.step}"
        place = place if error.step else "the validation rows"
        rate = self.learning_rate
        clip = "" if self.settings.clip_norm else ", training.clip_norm = 1"
        return TrainingError(
            f"the loss became {error.value} in epoch {self.epoch}, {place}, with {self.settings.optimizer} "
            f"at learning rate {rate:g}; the weights of epoch {self.best.epoch} are kept",
            hint=f"try training.learning_rate = {rate / 10:g}{clip}, or look for extreme values in the data",
        )
