"""Against rare classes that go unfound, where the metric asks for them."""

from __future__ import annotations

from assay.study.remedies.remedy import Aim, Changes, Remedy
from assay.study.remedies.state import State

BY_CLASS = {"balanced_accuracy", "f1", "recall"}
"""Metrics that a rare class counts in as much as a frequent one."""

_RARE = 0.8  # of the share that the classes would have if all were alike


def is_uneven(state: State) -> bool:
    """Whether a class is rare and the metric asks for it."""
    shares = state.class_shares
    return bool(shares) and state.recipe.metric in BY_CLASS and min(shares) * len(shares) < _RARE


def _class_weights(state: State) -> Changes | None:
    if not is_uneven(state) or state.recipe.imbalance != "none":
        return None
    return {"imbalance": "class_weights"}


def _threshold(state: State) -> Changes | None:
    if not is_uneven(state) or len(state.class_shares) != 2 or state.recipe.metric == "recall":
        return None
    return None if state.recipe.threshold == "fit" else {"threshold": "fit"}


def _resampling(state: State) -> Changes | None:
    if not is_uneven(state) or state.recipe.imbalance != "none":
        return None
    return {"imbalance": "over"}


IMBALANCE = (
    Remedy(
        "threshold",
        Aim.IMBALANCE,
        "one of two classes is rare, and the metric is balanced accuracy or F1",
        "the probability from which the rare class is said can be chosen",
        "Provost 2000, Machine learning from imbalanced data sets 101; Collell, Prelec and Patil 2018",
        _threshold,
    ),
    Remedy(
        "class weights",
        Aim.IMBALANCE,
        "a class is rare, and the metric is balanced accuracy, F1 or recall",
        "each class counts alike in the loss",
        "King and Zeng 2001, Logistic regression in rare events data",
        _class_weights,
    ),
    Remedy(
        "resampling",
        Aim.IMBALANCE,
        "a class is rare, and the metric is balanced accuracy, F1 or recall",
        "training on as many rows of each class",
        "Japkowicz and Stephen 2002, The class imbalance problem",
        _resampling,
    ),
)
