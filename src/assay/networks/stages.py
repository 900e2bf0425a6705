"""Layers one after the other, of which the last few can be looked into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import List  # noqa: UP035  (TorchScript knows this form in a subclass of Sequential)

from torch import Tensor, nn


class Stages(nn.Sequential):
    """Stages that hand on to each other, and give what the last few of them make.

    Args:
        stages: by name, in order.
        tapped: of how many of the last stages that have weights the maps are given; all where there are
            fewer.
    """

    def __init__(self, stages: Mapping[str, nn.Module], tapped: int) -> None:
        super().__init__()
        for name, stage in stages.items():
            self.add_module(name, stage)
        self.taps = self._with_weights()[-tapped:]

    def forward(self, x_BCHW: Tensor) -> List[Tensor]:  # noqa: UP006
        """(B, C, H, W) -> the maps of each tapped stage, (B, Cs, Hs, Ws), the last stage's last."""
        maps: List[Tensor] = []  # noqa: UP006
        for number, stage in enumerate(self):
            x_BCHW = stage(x_BCHW)
            if number in self.taps:
                maps.append(x_BCHW)
        return maps

    def last(self, count: int | None) -> list[nn.Module]:
        """The last `count` stages that have weights; None: all."""
        numbers = self._with_weights()
        return [self[number] for number in (numbers if count is None else numbers[-count:])]

    def divided(self, count: int) -> tuple[nn.Sequential, Stages]:
        """Two halves that share the stages: those before the last `count` that have weights, and these."""
        cut = self._with_weights()[-count:][0]
        stages = list(self.named_children())
        before = nn.Sequential(*(stage for _, stage in stages[:cut]))
        return before, Stages(dict(stages[cut:]), len(self.taps))

    def _with_weights(self) -> list[int]:
        return [number for number, stage in enumerate(self) if any(True for _ in stage.parameters())]
