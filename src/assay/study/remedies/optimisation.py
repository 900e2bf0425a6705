"""Against trouble of the optimisation itself, whatever the gaps say."""

from __future__ import annotations

from assay.study.remedies.remedy import Aim, Changes, Remedy
from assay.study.remedies.state import State


def _find_rate(state: State) -> Changes | None:
    if not {"explodes", "plateau"} & set(state.facts.troubles()):
        return None
    rate, found = state.recipe.training.learning_rate, state.facts.suggested_rate()
    is_other = rate is None or not 0.67 < found / rate < 1.5
    return {"training.learning_rate": float(f"{found:.2g}")} if is_other else None


def _clip(state: State) -> Changes | None:
    if state.recipe.training.clip_norm is not None or "explodes" not in state.facts.troubles():
        return None
    return {"training.clip_norm": 1.0}


def _other_start(state: State) -> Changes | None:
    if state.activation != "relu" or "dead units" not in state.facts.troubles():
        return None
    return {"network.activation": "gelu"}


FINDER = Remedy(
    "learning-rate finder",
    Aim.OPTIMISATION,
    "the loss exploded or stayed on a plateau",
    "the largest rate at which the loss still falls",
    "Smith 2017, Cyclical learning rates for training neural networks",
    _find_rate,
)
CLIPPING = Remedy(
    "gradient clipping",
    Aim.OPTIMISATION,
    "the loss exploded",
    "a single steep step can't throw the weights away",
    "Pascanu, Mikolov and Bengio 2013, On the difficulty of training recurrent neural networks",
    _clip,
)
OPTIMISATION = (
    FINDER,
    CLIPPING,
    Remedy(
        "other start",
        Aim.OPTIMISATION,
        "units are dead: they answer 0 to every row",
        "units that start with another activation (GELU) keep a slope on both sides and come alive",
        "Lu et al. 2020, Dying ReLU and initialization; Hendrycks and Gimpel 2016, GELUs",
        _other_start,
    ),
)
