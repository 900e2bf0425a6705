"""L302: the target stands among the features, as it is, in another spelling or unit, or as a sum of columns.

Suffixes: U rows of both parts, D features.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from assay.data.column import Kind
from assay.data.inspection.codes import Level
from assay.diagnosis.leaks.leak import Leak
from assay.diagnosis.leaks.pair import Pair, listed
from assay.diagnosis.leaks.scores import Scores
from assay.diagnosis.leaks.wording import adds

_FEWEST = 30  # rows
_ROWS_A_VALUE = 5  # for a recoding to be no accident
_MOST_PAIRS = 50_000  # rows, evenly spread, that a column is compared in
_MOST = 5_000  # rows that a sum is looked for in
_MOST_PARTS = 4  # of a sum; a longer one is a law of nature, or made-up data
_EXACT = 1e-6  # of the target's standard deviation


def copies_of_target(pair: Pair, scores: Scores) -> Iterator[Leak]:
    """Columns from which the target can be read off without an error, alone or as a weighted sum."""
    if pair.num_train + pair.num_held_out < _FEWEST:
        return
    some = np.unique(np.linspace(0, pair.num_train + pair.num_held_out - 1, _MOST_PAIRS).astype(np.int64))
    target = pair.both(pair.target)[some]
    copies = []
    for column in pair.features:
        values = pair.both(column.name)[some]
        how = _how(values, target, is_class=pair.task.is_classification)
        if how:
            copies.append(column.name)
            inflation = scores.of_columns((column.name,))
            yield _leak(pair, (column.name,), f"{column.name!r} is the target {how}", inflation, scores)
    if not pair.task.is_classification:
        names = _sum(pair, copies)
        if names:
            message = (
                f"the target is a weighted sum of {len(names)} columns ({listed(names)}) without an error"
            )
            yield _leak(pair, names, message, scores.of_columns(names), scores)


def _leak(pair: Pair, names: tuple[str, ...], message: str, inflation: float | None, scores: Scores) -> Leak:
    added = adds(inflation, Scores(pair), "it")
    advice = "leave the column out (--ignore): for new rows it will not be known"
    return Leak("L302", Level.SERIOUS, message + added, advice, pair.part, inflation=inflation, columns=names)


def _how(values: pl.Series, target: pl.Series, *, is_class: bool) -> str:
    """`itself`, `in other words` ...; empty where the column is no copy."""
    both = pl.DataFrame([values.alias("x"), target.alias("y")]).drop_nulls()
    is_there = both.height >= max(_FEWEST, 0.5 * len(values)) and both["x"].n_unique() > 1
    if not is_there or values.dtype.is_temporal():
        return ""
    if both["x"].dtype == both["y"].dtype and (both["x"] == both["y"]).all():
        return "itself"
    num_values = both["y"].n_unique()
    is_one_to_one = both["x"].n_unique() == num_values == both.unique().height
    if is_one_to_one and (is_class or both.height >= _ROWS_A_VALUE * num_values):
        return "in other words: each of its values stands for one value of the target"
    if is_class or not is_one_to_one or not values.dtype.is_numeric() or num_values < _FEWEST:
        return ""
    x, y = (both[name].cast(pl.Float64).to_numpy() for name in ("x", "y"))
    in_step = "in another unit: it rises and falls with the target without an exception"
    return in_step if _is_monotone(x, y) else ""


def _is_monotone(x: np.ndarray, y: np.ndarray) -> bool:
    steps = np.diff(y[np.argsort(x, kind="stable")])
    return bool((steps >= 0.0).all() or (steps <= 0.0).all())


def _sum(pair: Pair, copies: list[str]) -> tuple[str, ...]:
    """The columns whose weighted sum is the target, or none."""
    kinds = {Kind.QUANTITATIVE, Kind.ORDINAL, Kind.BOOLEAN}
    places = [place for place, c in enumerate(pair.features) if c.kind in kinds and c.name not in copies]
    x_UD = np.concatenate([part[:, places] for part in pair.numbers])
    y_U = np.concatenate(pair.targets)
    known = np.flatnonzero(~np.isnan(x_UD).any(axis=1))
    known = (
        known[np.linspace(0, len(known) - 1, min(len(known), _MOST)).astype(np.int64)]
        if len(known)
        else known
    )
    if not places or len(known) < 3 * len(places) + _FEWEST:
        return ()
    x_UD, y_U = x_UD[known], y_U[known]
    x_UD, y_U = x_UD - x_UD.mean(axis=0), y_U - y_U.mean()
    spread_D, spread = x_UD.std(axis=0), float(y_U.std())
    kept = spread_D > 0.0
    if not kept.any() or spread == 0.0:
        return ()
    weights = np.linalg.lstsq(x_UD[:, kept] / spread_D[kept], y_U / spread, rcond=None)[0]
    residual = y_U / spread - (x_UD[:, kept] / spread_D[kept]) @ weights
    if np.sqrt(np.square(residual).mean()) > _EXACT:
        return ()
    chosen = np.array(places)[kept][np.abs(weights) > 1e-3]
    if len(chosen) > _MOST_PARTS:
        return ()
    return tuple(pair.features[place].name for place in chosen)
