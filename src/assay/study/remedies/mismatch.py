"""Against mismatch: rely less on what differs between the training rows and those to come."""

from __future__ import annotations

from assay.study.remedies.ignoring import without
from assay.study.remedies.remedy import Aim, Changes, Remedy
from assay.study.remedies.state import State

_HALF_LIFE = 0.25


def _drop_shifting(state: State) -> Changes | None:
    return without(state, state.facts.shifting_columns())


def _recency(state: State) -> Changes | None:
    if state.method != "time" or state.recipe.recency is not None:
        return None
    return {"recency": _HALF_LIFE}


RECENCY = Remedy(
    "recency weights",
    Aim.MISMATCH,
    "the rows were divided by time",
    "late rows are more like those to come",
    "Klinkenberg 2004, Learning drifting concepts",
    _recency,
)
MISMATCH = (
    Remedy(
        "drop shifting columns",
        Aim.MISMATCH,
        "a column is distributed otherwise in the validation rows than in the training rows",
        "a column that differs between the parts misleads",
        "Quinonero-Candela et al. 2009, Dataset Shift in Machine Learning",
        _drop_shifting,
    ),
    RECENCY,
)
