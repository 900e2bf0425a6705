"""What a remedy is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assay.study.remedies.state import State

Changes = dict[str, Any]
"""Settings of a recipe by dotted name."""


class Aim(StrEnum):
    """What a remedy is against."""

    BIAS = "bias"
    VARIANCE = "variance"
    MISMATCH = "mismatch"
    IMBALANCE = "imbalance"
    OPTIMISATION = "optimisation"


@dataclass(frozen=True)
class Remedy:
    """A small change of a recipe.

    Attributes:
        name: in the words of the field; the same as in `assay.diagnosis.remedies`.
        aims_at: the gap or trouble that it is against.
        when: under which condition it applies.
        because: what it is expected to do, one clause.
        source: the paper that it comes from.
        change: the settings that it changes; None where it does not apply, e.g. is there already.
    """

    name: str
    aims_at: Aim
    when: str
    because: str
    source: str
    change: Callable[[State], Changes | None]


@dataclass(frozen=True)
class Proposal:
    """A remedy for one recipe.

    Attributes:
        remedy: which.
        changes: the settings that it changes, by dotted name.
    """

    remedy: Remedy
    changes: Changes

    @property
    def name(self) -> str:
        """The remedy's."""
        return self.remedy.name

    def told(self) -> str:
        """What is changed, e.g. ``network.dropout = 0.3``."""
        return ", ".join(f"{name} = {_shown(value)}" for name, value in self.changes.items())


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list | tuple) and len(value) > 4:
        return f"{len(value)} values"
    return str(list(value) if isinstance(value, tuple) else value)
