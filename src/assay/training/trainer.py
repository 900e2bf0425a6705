"""The loop: fit -> run_epoch -> train_step."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from assay.core.seeds import child_seed
from assay.networks.weights import architecture
from assay.training.average import Average
from assay.training.batches import Batches, NumberedRows
from assay.training.best import Best
from assay.training.checkpoint import snapshot
from assay.training.compilation import compiled, compiled_for_one_size
from assay.training.evaluation import evaluate
from assay.training.form import Form
from assay.training.forward import call
from assay.training.hooks import tell
from assay.training.not_finite import NotFiniteError, breakdown, check_weights
from assay.training.optimizer import Schedule, make_optimizer
from assay.training.precision import autocast
from assay.training.run_folder import RunFolder
from assay.training.running_loss import RunningLoss
from assay.training.settings import TrainingSettings
from assay.training.stopping import INTERRUPTED, reason_to_stop


class Trainer:
    """Fits a network, epoch by epoch. Hooks see it and may call `stop`.

    Attributes:
        network: being trained; between epochs it holds the last weights, at the end the best.
        average: the running mean of the weights, which is then what is measured and kept; or None.
        settings: with every rule worked out.
        epoch: the last one begun, from 1.
        history: the records of the epochs.
        best: the best weights so far.
        stopped: why the training ended; empty while it goes on.
        seconds: spent so far.
        folder: where records and states are kept, or None.
    """

    def __init__(
        self,
        network: nn.Module,
        form: Form,
        batches: Batches,
        validation: Batches | None,
        settings: TrainingSettings,
        *,
        seed: int = 0,
        hooks: Sequence[object] = (),
    ) -> None:
        self.network, self.objective, self.seed, self.hooks = network, form.objective, seed, hooks
        self.batches, self.validation = batches, validation
        self.settings = settings.model_copy(update={"loss": form.objective.loss})
        self.optimizer = make_optimizer(network, settings)
        self.schedule = Schedule(self.optimizer, settings, batches.num_steps)
        self.best = Best(network, settings.min_delta, has_validation=validation is not None)
        self.epoch, self.history, self.stopped, self.seconds = 0, list[dict[str, Any]](), "", 0.0
        self.folder: RunFolder | None = None
        self.average = Average(network, settings.ema) if settings.ema else None
        self._forward = self._compiled(form.device) if settings.compile else network
        self._autocast = autocast(settings.precision, form.device)
        self._weights = [weight for weight in network.parameters() if weight.requires_grad]
        self._began = time.perf_counter()

    def fit(self) -> None:
        """Run epochs until there is a reason to stop, then put the best weights into the network.

        Raises:
            RecipeError: the network does not take a batch.
            TrainingError: a loss is not finite; the best weights so far are in the network.
        """
        try:
            tell(self.hooks, "on_start", self)
            self.stopped = self.stopped or self._reason_to_stop()
            while not self.stopped:
                self.run_epoch()
                self.stopped = self.stopped or self._reason_to_stop()
        except KeyboardInterrupt:
            self.stopped = INTERRUPTED
        except NotFiniteError as error:
            raise breakdown(error, self) from None
        finally:
            self.best.restore()
            self.network.eval()
            if self.folder:
                self.folder.close()
        tell(self.hooks, "on_end", self)

    def run_epoch(self) -> None:
        """Train on every row once, measure on the validation rows, note and keep what came out."""
        start, rate = time.perf_counter(), self.learning_rate
        self.epoch += 1
        torch.manual_seed(child_seed(self.seed, "epoch", self.epoch))  # dropout, and a loader's own choices
        self.network.train()
        running, rows, partial = RunningLoss(), 0, False
        for inputs, targets in self.batches.shuffled(self.seed, self.epoch):
            if partial := bool(rows) and self._is_out_of_time():
                break
            running.add(self.train_step(inputs, targets), self.objective.count(targets))
            rows += len(inputs)
        record = {"epoch": self.epoch, "train_loss": running.mean(), "learning_rate": rate}
        record |= {"partial": True, "rows": rows} if partial else {}
        check_weights(self._weights, running.num_steps)
        if self.validation is not None and self._is_validated():
            with self._averaged():
                scores = evaluate(self.network, self.validation, self.objective)
            record |= {f"validation_{name}": value for name, value in scores.items()}
        self._end_epoch(record, start)

    def train_step(self, inputs: Tensor, targets: Tensor) -> Tensor:
        """One step of the optimizer on one batch; the batch's mean loss, still on the device."""
        self.optimizer.zero_grad()
        with self._autocast:
            outputs = call(self._forward, inputs, self.batches.where)
        loss = self.objective.training_loss(outputs.to(self.objective.dtype), targets)
        loss.backward()  # type: ignore[no-untyped-call]
        if self.settings.clip_norm is not None:
            nn.utils.clip_grad_norm_(self._weights, self.settings.clip_norm)
        self.optimizer.step()
        self.schedule.after_step()
        if self.average is not None:
            self.average.after_step()
        return loss.detach()

    def stop(self, reason: str) -> None:
        """End the training after this epoch; for hooks."""
        self.stopped = reason

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        return float(self.optimizer.param_groups[0]["lr"])

    def write_to(self, folder: RunFolder, *, resume: bool) -> None:
        """Keep records and states there from now on; stand where the last ones were left, if asked to."""
        folder.begin(self, resume=resume)
        self.folder = folder

    def state_dict(self) -> dict[str, Any]:
        """Everything that the next epoch depends on, as plain values and tensors; training changes none."""
        return {
            "run": self.identity(),
            "architecture": architecture(self.network),
            "epoch": self.epoch,
            "seconds": self.seconds,
            "history": list(self.history),
            "network": snapshot(self.network.state_dict()),
            "best": self.best.state_dict(),
            "optimizer": snapshot(self.optimizer.state_dict()),
            "schedule": snapshot(self.schedule.state_dict()),
            "average": None if self.average is None else self.average.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Stand where `state_dict` stood."""
        self.epoch, self.seconds, self.history = state["epoch"], state["seconds"], state["history"]
        self.network.load_state_dict(state["network"])
        self.best.load_state_dict(state["best"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        if self.average is not None:
            self.average.load_state_dict(state["average"])
        self._began = time.perf_counter() - self.seconds

    def identity(self) -> dict[str, Any]:
        """What may not change between the parts of one training; the time limit may."""
        settings = self.settings.model_dump(mode="json", exclude={"max_seconds"})
        return {"seed": self.seed, **self.batches.identity, **settings}

    def _end_epoch(self, record: dict[str, Any], start: float) -> None:
        loss = record.get("validation_loss", record["train_loss"])
        if not math.isfinite(loss):
            raise NotFiniteError(f"the loss became {loss}", 0)
        is_measured = self.validation is None or "validation_loss" in record
        self.schedule.after_epoch(loss if is_measured else None)
        if is_measured:
            with self._averaged():
                self.best.update(self.epoch, loss)
        now = time.perf_counter()
        self.seconds = now - self._began
        record |= {"seconds": now - start, "seconds_left": self._seconds_left()}
        self.history.append(record)
        try:
            tell(self.hooks, "on_epoch_end", self, record)
        except KeyboardInterrupt:  # the epoch has been made all the same
            self.stopped = INTERRUPTED
        record |= {name: value.item() for name, value in record.items() if hasattr(value, "item")}
        if self.folder:
            self.folder.epoch_ended(record, self.state_dict())

    def _is_validated(self) -> bool:
        is_last = self.epoch >= self.settings.epochs or self._is_out_of_time()
        return is_last or self.epoch % self.settings.validate_every == 0

    def _averaged(self) -> AbstractContextManager[None]:
        """The network with the weights that are measured and kept."""
        return nullcontext() if self.average is None else self.average.in_network()

    def _compiled(self, device: torch.device) -> Callable[[Tensor], Any]:
        if isinstance(self.batches, NumberedRows):
            size = min(self.batches.batch_size, self.batches.num_rows)
            return compiled_for_one_size(self.network, device, size)
        return compiled(self.network, device)

    def _reason_to_stop(self) -> str:
        return reason_to_stop(self.settings, self.epoch, self.best.waited, self._spent())

    def _spent(self) -> float:
        return time.perf_counter() - self._began

    def _is_out_of_time(self) -> bool:
        limit = self.settings.max_seconds
        return limit is not None and self._spent() >= limit

    def _seconds_left(self) -> float:
        """At most: early stopping may end it sooner."""
        left = self.seconds / self.epoch * (self.settings.epochs - self.epoch)
        limit = self.settings.max_seconds
        return left if limit is None else max(0.0, min(left, limit - self.seconds))
