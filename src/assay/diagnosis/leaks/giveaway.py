"""L301: one column alone predicts the target nearly without an error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from assay.core.seeds import child_seed
from assay.data.inspection.alone import Alone, predictive_power
from assay.data.inspection.codes import Level
from assay.data.table import Table
from assay.diagnosis.leaks.leak import Leak
from assay.diagnosis.leaks.pair import Pair
from assay.diagnosis.leaks.scores import Scores
from assay.diagnosis.leaks.wording import adds, percent

_MOST = 20_000  # rows looked at
_GIVEN_AWAY = 0.97  # of the error of guessing is gone
_SURELY = 0.94  # of it, even if luck helped
_CHANCE = 0.025


def giveaways(pair: Pair, scores: Scores, copies: Sequence[str]) -> Iterator[Leak]:
    """Columns that alone predict more than 97 % of what guessing misses, on rows not learnt from.

    Args:
        pair: the parts.
        scores: measures what a column adds.
        copies: columns that are known to be the target.
    """
    table = _sample(pair, copies)
    for alone in predictive_power(table).values():
        if alone.score >= _GIVEN_AWAY and _surely(alone, len(table) // 2) >= _SURELY:
            inflation = scores.of_columns((alone.name,))
            added = adds(inflation, Scores(pair), "it")
            advice = "if it is made from the target, or known only afterwards, leave it out (--ignore)"
            yield Leak(
                "L301",
                Level.SERIOUS,
                f"{_power(alone)}{added}",
                advice,
                pair.part,
                inflation=inflation,
                columns=(alone.name,),
            )


def _sample(pair: Pair, copies: Sequence[str]) -> Table:
    frame = pl.concat([pair.train.frame, pair.held_out.frame])
    table = replace(pair.train, frame=frame, rows=None).without(list(copies))
    if len(table) <= _MOST:
        return table
    rng = np.random.default_rng(child_seed(0, "giveaways"))
    return table.take(np.sort(rng.choice(len(table), _MOST, replace=False)))


def _surely(alone: Alone, num_rows: int) -> float:
    """The lower end of the score's 95 % interval (Clopper & Pearson 1934), for classes."""
    if alone.measure == "R2":
        return alone.score if num_rows >= 25 else 0.0
    from scipy.stats import beta

    hits = round(alone.measured * num_rows)
    low = float(beta.ppf(_CHANCE, hits, num_rows - hits + 1)) if hits else 0.0
    return (low - alone.baseline) / (1.0 - alone.baseline)


def _power(alone: Alone) -> str:
    if alone.measure == "R2":
        return f"{alone.name!r} alone explains {percent(alone.measured)} of the target (R2 on unseen rows)"
    return (
        f"{alone.name!r} alone gets {percent(alone.measured)} of unseen rows right; always guessing the "
        f"commonest class gets {percent(alone.baseline)}"
    )
