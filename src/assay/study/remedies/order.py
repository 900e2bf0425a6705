"""Which remedy of a gap helps most, by what the run looks like; measured by benchmarks/remedy_suite.py."""

from __future__ import annotations

from collections.abc import Sequence

from assay.diagnosis.verdict import Verdict
from assay.study.remedies.remedy import Remedy
from assay.study.remedies.state import State

_NARROW, _WIDE = 16, 48
_FEW_IMAGES = 5_000


def bias_first(state: State, remedies: Sequence[Remedy]) -> list[Remedy]:
    """A network without room grows first; a training that was cut goes on first."""
    hidden = state.network.hidden
    if not hidden:
        return _with_first(remedies, "deeper network")
    if max(hidden) > _NARROW and state.was_cut:
        return _with_first(remedies, "longer training")
    return _with_first(remedies, "wider network")


def variance_first(state: State, remedies: Sequence[Remedy]) -> list[Remedy]:
    """A mean over networks helps a quantity, and rows of another kind; classes are memorised by certainty."""
    hidden = state.network.hidden
    is_wide = bool(hidden) and max(hidden) > _WIDE
    if state.verdict is Verdict.MISMATCH or (is_wide and not state.task.is_classification):
        return _with_first(remedies, "ensemble")
    return list(remedies)


def image_bias_first(state: State, remedies: Sequence[Remedy]) -> list[Remedy]:
    """A frozen backbone is let loose first; few images are not enough to learn features from."""
    if state.image_network.kind == "backbone":
        return _with_first(remedies, "fine-tuning")
    return _with_first(remedies, "pretrained backbone") if state.num_rows < _FEW_IMAGES else list(remedies)


def image_variance_first(state: State, remedies: Sequence[Remedy], backbone: Remedy) -> list[Remedy]:
    """What a network learns from few images is chance: features of other images are the first cure."""
    return [backbone, *remedies] if state.num_rows < _FEW_IMAGES else list(remedies)


def _with_first(remedies: Sequence[Remedy], name: str) -> list[Remedy]:
    return sorted(remedies, key=lambda remedy: remedy.name != name)
