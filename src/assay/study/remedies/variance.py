"""Against high variance: leave the network less to memorise with."""

from __future__ import annotations

from assay.study.remedies.ignoring import without
from assay.study.remedies.remedy import Aim, Changes, Remedy
from assay.study.remedies.state import State

_FELT, _STRONGEST = 3e-4, 3e-3  # of a weight, taken by one step
_MOST_DROPOUT = 0.5
_NARROWEST = 4
_PATIENCE = 20


def _early_stopping(state: State) -> Changes | None:
    training = state.recipe.training
    if training.schedule in {"onecycle", "triangle"}:  # which ends where it should: its rate falls to nothing
        return None
    if not training.patience:
        return {"training.patience": _PATIENCE}
    epochs = max(state.best_epoch, 2)
    if training.schedule != "none" or epochs > 0.7 * state.epochs:
        return None
    return {"training.schedule": "cosine", "training.epochs": epochs, "training.patience": 0}


def _weight_decay(state: State) -> Changes | None:
    training = state.recipe.training
    decay = training.weight_decay or 0.0
    # A decay is multiplied by the learning rate, and SGD's steps go on by momentum: for AdamW at a rate of
    # 0.001 the two shares are decays of 0.3 and 3.
    step = state.learning_rate / (1.0 - training.momentum if training.optimizer == "sgd" else 1.0)
    felt, strongest = _FELT / step, _STRONGEST / step
    if decay >= 0.99 * strongest:
        return None
    return {"training.weight_decay": float(f"{min(max(10.0 * decay, felt), strongest):.2g}")}


def _smaller(state: State) -> Changes | None:
    hidden = state.network.hidden
    if not hidden or max(hidden) <= _NARROWEST:
        return None
    by = 4 if state.num_weights > 4 * state.num_rows else 2
    return {"network.hidden": [max(units // by, _NARROWEST) for units in hidden]}


def _dropout(state: State) -> Changes | None:
    network = state.network
    if not network.hidden or network.dropout >= _MOST_DROPOUT:
        return None
    return {"network.dropout": min(network.dropout + 0.2, _MOST_DROPOUT)}


def _ensemble(state: State) -> Changes | None:
    network = state.network
    if network.kind == "tabm" or not network.hidden:
        return None
    return {
        "network.kind": "tabm",
        "network.members": 16,
        "network.hidden": [max(network.hidden)] * len(network.hidden),
        "network.batch_norm": False,
        # Measured on the credit data: as good as smaller steps, in half the time (docs/experiments.md).
        "training.learning_rate": 0.002,
        "training.weight_decay": 0.1,
    }


def _label_smoothing(state: State) -> Changes | None:
    if not state.task.is_classification or state.recipe.training.label_smoothing:
        return None
    return {"training.label_smoothing": 0.1}


def _fewer_features(state: State) -> Changes | None:
    return without(state, state.facts.useless_columns())


EARLY_STOPPING = Remedy(
    "early stopping",
    Aim.VARIANCE,
    "nothing stops the training early, or its best epoch was long before its end",
    "fewer epochs leave less time to memorise; smaller and smaller steps then settle",
    "Prechelt 1998, Early stopping - but when?",
    _early_stopping,
)
WEIGHT_DECAY = Remedy(
    "weight decay",
    Aim.VARIANCE,
    "the decay takes less than 0.3 % of a weight in a step",
    "smaller weights make a smoother function",
    "Krogh and Hertz 1991, A simple weight decay can improve generalization; Loshchilov and Hutter 2019",
    _weight_decay,
)
LABEL_SMOOTHING = Remedy(
    "label smoothing",
    Aim.VARIANCE,
    "the target is one of classes",
    "a network that is never to be certain memorises less",
    "Szegedy et al. 2016, Rethinking the Inception architecture",
    _label_smoothing,
)
VARIANCE = (
    EARLY_STOPPING,
    Remedy(
        "ensemble",
        Aim.VARIANCE,
        "the network has hidden layers and is a single one",
        "the mean of several networks varies less than each of them",
        "Gorishniy, Kotelnikov and Babenko 2025, TabM",
        _ensemble,
    ),
    Remedy(
        "smaller network",
        Aim.VARIANCE,
        "there are hidden layers of more than four units",
        "fewer weights can memorise less",
        "Ng 2018, Machine Learning Yearning, 26",
        _smaller,
    ),
    Remedy(
        "dropout",
        Aim.VARIANCE,
        "less than half of the hidden units are left out",
        "units that cannot rely on each other memorise less",
        "Srivastava et al. 2014, Dropout",
        _dropout,
    ),
    WEIGHT_DECAY,
    LABEL_SMOOTHING,
    Remedy(
        "fewer features",
        Aim.VARIANCE,
        "there are features that can be shuffled without loss on the validation rows",
        "a column that tells nothing can only be memorised",
        "Breiman 2001, Random forests; Fisher, Rudin and Dominici 2019",
        _fewer_features,
    ),
)
