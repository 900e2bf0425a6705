"""The loss of an epoch, added up without waiting for the device at every step."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from assay.training.not_finite import NotFiniteError

_LOOK_EVERY = 100  # steps between two looks at the numbers, each of which waits for the device


class RunningLoss:
    """The exact mean over all rows seen, whatever the sizes of the batches."""

    def __init__(self) -> None:
        self._losses: list[Tensor] = []
        self._counts: list[int] = []
        self._total, self._count, self._step = 0.0, 0, 0

    @property
    def num_steps(self) -> int:
        """Batches taken."""
        return self._step + len(self._losses)

    def add(self, loss: Tensor, count: int) -> None:
        """Take a batch's mean loss over `count` targets.

        Raises:
            NotFiniteError: one of the last losses was not finite.
        """
        self._losses.append(loss)
        self._counts.append(count)
        if len(self._losses) == _LOOK_EVERY:
            self._look()

    def mean(self) -> float:
        """The mean loss over all targets.

        Raises:
            NotFiniteError: one of the last losses was not finite.
        """
        self._look()
        return self._total / max(self._count, 1)

    def _look(self) -> None:
        losses = torch.stack(self._losses).tolist() if self._losses else []
        for loss, count in zip(losses, self._counts, strict=True):
            self._step += 1
            if not math.isfinite(loss):
                raise NotFiniteError(f"the loss became {loss}", self._step)
            self._total += loss * count
            self._count += count
        self._losses.clear()
        self._counts.clear()
