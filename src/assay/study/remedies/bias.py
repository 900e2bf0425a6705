"""Against high bias: let the network fit more, and let the training get there."""

from __future__ import annotations

from assay.study.remedies.remedy import Aim, Changes, Remedy
from assay.study.remedies.state import State

_WIDEST, _DEEPEST, _USUAL = 1024, 6, 64
_FEWEST_EPOCHS, _MOST_EPOCHS = 50, 2000
LARGEST_RATE = {"sgd": 0.5, "rmsprop": 0.03, "adam": 0.03, "adamw": 0.03, "muon": 0.1}
"""By optimizer: the rate above which no remedy goes."""

_ENOUGH_ROWS = 300


def _wider(state: State) -> Changes | None:
    hidden = state.network.hidden
    if not hidden or max(hidden) >= _WIDEST:
        return None
    units = max(2 * max(hidden), _USUAL)
    return {"network.hidden": [min(units, _WIDEST)] * len(hidden)}


def _deeper(state: State) -> Changes | None:
    hidden = state.network.hidden
    if len(hidden) >= _DEEPEST:
        return None
    return {"network.hidden": [*hidden, hidden[-1]] if hidden else [_USUAL]}


def _longer(state: State) -> Changes | None:
    training = state.recipe.training
    if state.was_cut:
        more = min(max(4 * training.epochs, _FEWEST_EPOCHS), max(_MOST_EPOCHS, training.epochs))
        return {"training.epochs": more} if more > training.epochs else None
    if training.schedule != "none" or not training.patience:
        return None
    return {
        "training.schedule": "plateau",
        "training.patience": 2 * training.patience,
        "training.epochs": max(training.epochs, min(2 * state.epochs, _MOST_EPOCHS)),
    }


def _larger_rate(state: State) -> Changes | None:
    training = state.recipe.training
    rate, largest = training.learning_rate, LARGEST_RATE[training.optimizer]
    if rate is None or rate >= largest or "explodes" in state.facts.troubles():
        return None
    return {"training.learning_rate": min(4.0 * rate, largest)}


def _embeddings(state: State) -> Changes | None:
    if state.network.number_embedding != "none" or state.num_rows < _ENOUGH_ROWS:
        return None
    return {"network.number_embedding": "plr"}


def _residual(state: State) -> Changes | None:
    network = state.network
    if network.kind != "mlp" or not network.hidden:
        return None
    return {"network.kind": "residual", "network.hidden": [max(network.hidden)] * max(2, len(network.hidden))}


def _batch_norm(state: State) -> Changes | None:
    network = state.network
    if network.batch_norm or network.kind == "tabm" or not network.hidden:
        return None
    return {"network.batch_norm": True}


def _quantile(state: State) -> Changes | None:
    return None if state.recipe.preparation.scale == "quantile" else {"preparation.scale": "quantile"}


LARGER_RATE = Remedy(
    "larger learning rate",
    Aim.BIAS,
    "the rate is below 0.03 (0.5 for SGD) and the loss does not explode",
    "larger steps get further in the same time",
    "Bengio 2012, Practical recommendations for gradient-based training of deep architectures",
    _larger_rate,
)
BIAS = (
    Remedy(
        "wider network",
        Aim.BIAS,
        "there are hidden layers, of less than 1,024 units",
        "more units can fit the training rows better",
        "Goodfellow, Bengio and Courville 2016, Deep Learning, 11.4",
        _wider,
    ),
    Remedy(
        "longer training",
        Aim.BIAS,
        "the number of epochs ended the training, or it went without a schedule",
        "the loss was still falling, or falls on with smaller steps",
        "Ng 2018, Machine Learning Yearning, 25",
        _longer,
    ),
    LARGER_RATE,
    Remedy(
        "deeper network",
        Aim.BIAS,
        "there are fewer than six hidden layers",
        "more layers can build rules out of rules",
        "Montufar et al. 2014, On the number of linear regions of deep neural networks",
        _deeper,
    ),
    Remedy(
        "numerical embeddings",
        Aim.BIAS,
        "numbers go in as they are, and there are 300 training rows or more",
        "steps and waves in a column are easier to learn from several numbers",
        "Gorishniy, Rubachev and Babenko 2022, On embeddings for numerical features in tabular deep learning",
        _embeddings,
    ),
    Remedy(
        "residual blocks",
        Aim.BIAS,
        "the network is a multi-layer perceptron",
        "a deep network learns faster when each layer adds to the last one",
        "He et al. 2016, Deep residual learning; for tables Gorishniy et al. 2021",
        _residual,
    ),
    Remedy(
        "batch norm",
        Aim.BIAS,
        "there are hidden layers without it",
        "layers with steady inputs bear larger steps",
        "Ioffe and Szegedy 2015, Batch normalization",
        _batch_norm,
    ),
    Remedy(
        "quantile scaling",
        Aim.BIAS,
        "numbers are scaled in another way",
        "skewed columns keep their differences",
        "Gorishniy et al. 2021, Revisiting deep learning models for tabular data",
        _quantile,
    ),
)
