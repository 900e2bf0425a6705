"""Whether an optimisation went wrong, from its history and the network's units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

Name = Literal["explodes", "dead units", "plateau", "still falling"]

_EXPLODED = 1.5  # times the first epoch's loss
# Of a layer's units: 0 to 0.23 on the credit and energy data, 0.81 to 0.98 with a rate 50 times too high.
_DEAD_SHARE = 0.5
_HARDLY = 0.01  # of the first epoch's loss
_FALLING = 0.005  # of the loss, within the last fifth of the epochs
_FEWEST_EPOCHS = 5
_MOST_ROWS = 10_000


@dataclass(frozen=True)
class Trouble:
    """One thing that went wrong in an optimisation.

    Attributes:
        name: explodes, dead units, plateau or still falling.
        because: what was seen, one clause with its numbers.
    """

    name: Name
    because: str


def optimisation_trouble(
    history: Sequence[Mapping[str, Any]], network: nn.Module, inputs: Tensor
) -> list[Trouble]:
    """What went wrong while a network was trained; empty when nothing did.

    Args:
        history: of the `Training`.
        network: trained.
        inputs: (N, P) prepared training rows; some of them are enough.
    """
    found = [_explodes(history), _dead_units(network, inputs), _plateau(history), _still_falling(history)]
    return [trouble for trouble in found if trouble is not None]


def dead_shares(network: nn.Module, inputs: Tensor) -> list[float]:
    """Of each ReLU layer, the share of units that give 0 for every row: they get no gradient any more."""
    alive: list[Tensor] = []

    def note(module: nn.Module, args: Any, output: Tensor) -> None:
        places = tuple(range(2, output.dim()))  # a filter is one unit, wherever in the image it answers
        alive.append((output > 0).any(dim=(0, *places)).double().mean())

    layers = [module for module in network.modules() if isinstance(module, nn.ReLU)]
    handles = [layer.register_forward_hook(note) for layer in layers]
    was_training = network.training
    try:
        with torch.inference_mode():
            network.eval()(inputs[:_MOST_ROWS])
    finally:
        network.train(was_training)
        for handle in handles:
            handle.remove()
    return [1 - float(share) for share in alive]


def _explodes(history: Sequence[Mapping[str, Any]]) -> Trouble | None:
    losses = _losses(history, "train_loss")
    if len(losses) < 2 or not max(losses[1:]) > _EXPLODED * losses[0] > 0:
        return None
    epoch = losses.index(max(losses)) + 1
    return Trouble(
        "explodes", f"the training loss rose from {losses[0]:.4g} to {max(losses):.4g} in epoch {epoch}"
    )


def _dead_units(network: nn.Module, inputs: Tensor) -> Trouble | None:
    shares = dead_shares(network, inputs)
    if not shares or max(shares) < _DEAD_SHARE:
        return None
    number = shares.index(max(shares)) + 1
    return Trouble(
        "dead units", f"{max(shares):.0%} of the units of ReLU layer {number} give 0 for every row"
    )


def _plateau(history: Sequence[Mapping[str, Any]]) -> Trouble | None:
    losses = _losses(history, "train_loss")
    if len(losses) < _FEWEST_EPOCHS or not losses[0] > 0 or losses[0] - min(losses) >= _HARDLY * losses[0]:
        return None
    return Trouble(
        "plateau",
        f"the training loss fell from {losses[0]:.4g} to {min(losses):.4g} at best in {len(losses)} epochs",
    )


def _still_falling(history: Sequence[Mapping[str, Any]]) -> Trouble | None:
    losses = _losses(history, "validation_loss") or _losses(history, "train_loss")
    last = max(1, len(losses) // 5)
    if len(losses) < _FEWEST_EPOCHS or min(losses) not in losses[-last:]:
        return None
    before, after = min(losses[:-last]), min(losses)
    if not before - after > _FALLING * abs(before):
        return None
    where = "validation" if "validation_loss" in history[-1] else "training"
    return Trouble(
        "still falling", f"the {where} loss fell from {before:.4g} to {after:.4g} in the last {last} epochs"
    )


def _losses(history: Iterable[Mapping[str, Any]], name: str) -> list[float]:
    return [record[name] for record in history if name in record]
