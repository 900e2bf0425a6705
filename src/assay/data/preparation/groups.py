"""The modules of a preparation, each for all columns of one form, and the names of their outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from assay.data.preparation.categories import Booleans, Codes, Indicators, OneHot
from assay.data.preparation.dates import DAY, MONDAY, YEAR, Cycles, Trend
from assay.data.preparation.fitted_column import FittedColumn
from assay.data.preparation.numbers import Quantiles, Scaled
from assay.data.preparation.search import PADDING, stacked

_CYCLES = {
    "time_of_day": (0.0, 1.0, DAY),
    "weekday": (MONDAY, DAY, 7 * DAY),
    "time_of_year": (0.0, 1.0, YEAR),
}


@dataclass(frozen=True)
class Group:
    """A module and the names of its outputs."""

    module: nn.Module
    names: list[str]


def build_groups(columns: Sequence[FittedColumn]) -> dict[str, Group]:
    """The groups that have columns, in the order of their outputs; codes come last."""
    builders: dict[str, tuple[Callable[[list[FittedColumn]], Group], list[FittedColumn]]] = {
        "scaled": (_scaled, [column for column in columns if column.form == "scaled"]),
        "quantiles": (_quantiles, [column for column in columns if column.form == "quantile"]),
        "booleans": (_booleans, [column for column in columns if column.form == "boolean"]),
        "cycles": (_cycles, [column for column in columns if set(column.parts) & set(_CYCLES)]),
        "trend": (_trend, [column for column in columns if "trend" in column.parts]),
        "one_hot": (_one_hot, [column for column in columns if column.has_slots]),
        "indicators": (_indicators, [column for column in columns if column.has_indicator]),
        "codes": (_codes, [column for column in columns if column.form == "codes"]),
    }
    return {name: build(chosen) for name, (build, chosen) in builders.items() if chosen}


def _scaled(columns: list[FittedColumn]) -> Group:
    centres, rates = zip(*(column.centre_and_rate for column in columns), strict=True)
    return Group(Scaled(_index(columns), _double(centres), _double(rates)), _names(columns))


def _quantiles(columns: list[FittedColumn]) -> Group:
    slopes = [_slopes(column.knots, column.heights) for column in columns]
    module = Quantiles(
        _index(columns),
        stacked([column.knots for column in columns], PADDING),
        stacked([column.heights for column in columns], 0.0),
        stacked(slopes, 0.0),
    )
    return Group(module, _names(columns))


def _slopes(knots: list[float], heights: list[float]) -> list[float]:
    rises = [after - before for before, after in pairwise(heights)]
    runs = [after - before for before, after in pairwise(knots)]
    return [rise / run if run > 1e-290 else 0.0 for rise, run in zip(rises, runs, strict=True)] + [0.0]


def _booleans(columns: list[FittedColumn]) -> Group:
    no, yes = zip(*(column.column.codes for column in columns), strict=True)
    names = [f"{column.column.name}={column.column.label(column.column.codes[1])}" for column in columns]
    return Group(Booleans(_index(columns), _double(no), _double(yes)), names)


def _cycles(columns: list[FittedColumn]) -> Group:
    pairs = [(column, part) for column in columns for part in column.parts if part in _CYCLES]
    origins, steps, periods = zip(*(_CYCLES[part] for _, part in pairs), strict=True)
    module = Cycles(
        _index([column for column, _ in pairs]), _double(origins), _double(steps), _double(periods)
    )
    names = [
        f"{column.column.name} {part.replace('_', ' ')} ({wave})"
        for wave in ("sin", "cos")
        for column, part in pairs
    ]
    return Group(module, names)


def _trend(columns: list[FittedColumn]) -> Group:
    centres = [(column.statistics.low + column.statistics.high) / 2 for column in columns]
    rates = [2 / (column.statistics.high - column.statistics.low) for column in columns]
    return Group(Trend(_index(columns), _double(centres), _double(rates)), _names(columns, " trend"))


def _one_hot(columns: list[FittedColumn]) -> Group:
    pairs = [(column, code) for column in columns for code in column.column.codes]
    module = OneHot(_index([column for column, _ in pairs]), _double([code for _, code in pairs]))
    return Group(module, [f"{column.column.name}={column.column.label(code)}" for column, code in pairs])


def _indicators(columns: list[FittedColumn]) -> Group:
    return Group(Indicators(_index(columns)), _names(columns, " is missing"))


def _codes(columns: list[FittedColumn]) -> Group:
    table = stacked([column.column.codes for column in columns], PADDING)
    return Group(Codes(_index(columns), table), _names(columns))


def _index(columns: Sequence[FittedColumn]) -> Tensor:
    return torch.tensor([column.index for column in columns], dtype=torch.int64)


def _double(values: Sequence[float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def _names(columns: Sequence[FittedColumn], ending: str = "") -> list[str]:
    return [column.column.name + ending for column in columns]
