"""A learning rate by trying: the range test."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from assay.training.fit import fit
from assay.training.optimizer import set_learning_rate
from assay.training.settings import TrainingSettings

if TYPE_CHECKING:
    from assay.training.batches import Batch
    from assay.training.trainer import Trainer

_LOWEST, _HIGHEST, _NUM_STEPS = 1e-5, 1.0, 120
_MEMORY = 0.9  # of the running means of the losses, whose batches are noisy
_MARGIN = 10.0  # below the rate at which the loss is lowest, which is on the edge of growing again


def find_learning_rate(
    network: nn.Module,
    data: Any,
    *,
    settings: TrainingSettings | None = None,
    seed: int = 0,
    device: str | torch.device | None = "auto",
) -> float:
    """The learning rate to start from, by a test of a few seconds: the network itself does not change.

    A copy is trained with a rate that grows from step to step. Its loss on each batch is compared with the
    untrained network's on the same batch, so that a batch of hard rows does not matter. A tenth of the rate
    at which the difference was best is small enough to go on falling and large enough to be quick. Source:
    Smith (2017), "Cyclical Learning Rates for Training Neural Networks", section 3.3; the tenth is fastai's
    rule (Howard and Gugger, 2020).

    Args:
        network: any that `fit` takes.
        data: training rows as `fit` takes them; validation rows have no say.
        settings: of the training that the rate is for (optimizer, batch size, loss).
        seed: names the order of the rows and the dropout.
        device: auto, cpu, cuda or cuda:N.

    Returns:
        between 1e-6 and 0.1.

    Raises:
        DataError, RecipeError: as `fit` does.
    """
    given = {} if settings is None else settings.model_dump(exclude_unset=True)
    test = _RangeTest()
    fit(copy.deepcopy(network), data, seed=seed, device=device, hooks=[test], **given | {"schedule": "none"})
    return test.found


class _RangeTest:
    """A hook that makes the steps of the test instead of the training."""

    found = _LOWEST / _MARGIN

    def on_start(self, trainer: Trainer) -> None:
        trainer.network.train()
        best = 0.0
        for rate, change, untrained in _mean_changes(trainer):
            if change > untrained:  # the loss has doubled: higher rates are no better
                break
            if change < best:
                best, self.found = change, rate / _MARGIN
        trainer.stop("the learning rate was looked for")


def _mean_changes(trainer: Trainer) -> Iterator[tuple[float, float, float]]:
    """Of each step the rate, and running means: of the loss's change by training, and of the loss before."""
    untrained = copy.deepcopy(trainer.network)
    change = before = 0.0
    for step, (inputs, targets) in zip(range(_NUM_STEPS), _endless(trainer), strict=False):
        rate = _LOWEST * (_HIGHEST / _LOWEST) ** (step / (_NUM_STEPS - 1))
        set_learning_rate(trainer.optimizer, rate)
        with torch.no_grad():
            outputs = untrained(inputs).to(trainer.objective.dtype)
            first = float(trainer.objective.training_loss(outputs, targets))
        loss = float(trainer.train_step(inputs, targets))
        if not math.isfinite(loss):
            return
        change = _MEMORY * change + (1 - _MEMORY) * (loss - first)
        before = _MEMORY * before + (1 - _MEMORY) * first
        share = 1 - _MEMORY ** (step + 1)  # of the weights that a running mean has given away so far
        yield rate, change / share, before / share


def _endless(trainer: Trainer) -> Iterator[Batch]:
    epoch = 0
    while True:
        epoch += 1
        yield from trainer.batches.shuffled(trainer.seed, epoch)
