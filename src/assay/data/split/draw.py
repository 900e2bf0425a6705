"""`split`: divides a table's rows into training, validation and test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.core.errors import DataError
from assay.core.seeds import child_seed
from assay.data.inspection.wording import percent
from assay.data.split.cautions import cautions
from assay.data.split.chance import random_parts, stratified_parts
from assay.data.split.choice import Choice, choose
from assay.data.split.chronology import time_parts
from assay.data.split.groups import group_parts
from assay.data.split.keys import class_key, group_key, time_key
from assay.data.split.official import official_parts
from assay.data.split.record import Split
from assay.data.split.settings import SplitSettings
from assay.data.split.shares import part_sizes, resolve_shares, shares_reason
from assay.data.split.train_like import hold_back
from assay.data.split.train_like import reason as held_back_reason
from assay.data.table import Table, need_table

_FEWEST = 10


def split(table: Table, settings: SplitSettings | None = None, *, seed: int = 0, **choices: Any) -> Split:
    """Divide the rows before anything is fitted.

    Args:
        table: all rows; classes, time and group are taken from its task and roles.
        settings: how; the default chooses by itself and says why.
        seed: names the draw: the same table, settings and seed give the same rows.
        choices: settings by name, laid over `settings`, e.g. ``method="time"``, ``test_rows="last 51630"``.

    Returns:
        row numbers of each part, with reasons and warnings.

    Raises:
        DataError: too few rows, classes or groups, or missing times, for what is asked.
        RecipeError: settings that are unknown or exclude each other.
    """
    need_table(table, "split")
    given = settings.model_dump(exclude_unset=True) if settings else {}
    asked = SplitSettings.checked(given | choices, where="split")
    if len(table) < _FEWEST:
        raise DataError(
            f"{len(table)} rows cannot be divided into training, validation and test",
            hint=f"bring at least {_FEWEST}",
            where=table.name,
        )
    choice = choose(table, asked)
    divide = _officially if asked.names_rows else _by_shares
    divided = divide(table, asked, choice, np.random.default_rng(child_seed(seed, "split")))
    train, validation, test = divided.parts
    held, reasons = train[:0], divided.reasons
    if divided.by in {"group", "time"}:
        rng = np.random.default_rng(child_seed(seed, "train-like"))
        train, held = hold_back(table, train, len(validation), asked, rng)
        reasons = (*reasons, held_back_reason(len(held), len(train))) if len(held) else reasons
    return Split(
        train,
        validation,
        test,
        method="rows" if asked.names_rows else choice.method,
        seed=seed,
        rows=len(table),
        reasons=reasons,
        warnings=tuple(cautions(table, choice, train, (validation, test))),
        train_like=held,
    )


@dataclass(frozen=True)
class _Divided:
    parts: Sequence[np.ndarray]
    reasons: tuple[str, ...]
    by: str  # the method that parted validation from training


def _by_shares(table: Table, settings: SplitSettings, choice: Choice, rng: np.random.Generator) -> _Divided:
    shares = resolve_shares(settings, len(table))
    parts = _divide(table, np.arange(len(table)), shares, choice, rng)
    reasons = [
        choice.reason,
        shares_reason(settings, shares, len(table)),
        *_reached(table, choice, parts, shares),
    ]
    return _Divided(parts, tuple(reasons), choice.method)


def _officially(table: Table, settings: SplitSettings, choice: Choice, rng: np.random.Generator) -> _Divided:
    if table.left_out:
        raise DataError(
            f"{table.left_out:,} rows without a target were left out, so the official row numbers, "
            "which count the file's rows, would name other ones",
            hint="take these rows out of the file, and out of the row numbers",
            where=table.name,
        )
    train, validation, test = official_parts(settings, len(table))
    reasons = ["the official row numbers, as given"]
    if validation is None:
        left = resolve_shares(settings, len(table))[:2]
        shares = [share / sum(left) for share in left]
        choice = choose(table.take(train), settings)  # the test rows have no say in it
        train, validation = _divide(table, train, shares, choice, rng)
        reasons.append(f"validation is {percent(shares[1])} of the official training rows, {_how(choice)}")
    unused = len(table) - len(train) - len(validation) - len(test)
    if unused:
        reasons.append(f"{unused:,} rows stand in no official part and are not used")
    return _Divided((train, validation, test), tuple(reasons), choice.method)


def _how(choice: Choice) -> str:
    if choice.method == "time":
        return f"the latest by {choice.column!r}"
    return f"whole groups of {choice.column!r}" if choice.method == "group" else "drawn by chance"


def _divide(
    table: Table, rows: np.ndarray, shares: Sequence[float], choice: Choice, rng: np.random.Generator
) -> list[np.ndarray]:
    """These rows in as many parts as there are shares."""
    if choice.method == "time" and choice.column:
        parts = time_parts(time_key(table, choice.column)[rows], shares)
    elif choice.method == "group" and choice.column:
        groups = np.unique(group_key(table, choice.column)[rows], return_inverse=True)[1]
        parts = group_parts(groups, shares, rng)
    elif key := class_key(table):
        present, classes = np.unique(key[0][rows], return_inverse=True)
        parts = stratified_parts(classes, [key[1][number] for number in present], shares, rng)
    else:
        parts = random_parts(len(rows), shares, rng)
    return [rows[part] for part in parts]


def _reached(table: Table, choice: Choice, parts: Sequence[np.ndarray], shares: Sequence[float]) -> list[str]:
    """What the method made of the shares."""
    if choice.method == "time" and choice.column:
        times = table.frame[choice.column]
        spans = [(times.gather(part).min(), times.gather(part).max()) for part in parts]
        named = zip(("training", "validation", "test"), spans, strict=True)
        return [", ".join(f"{name} {first!s} to {last!s}" for name, (first, last) in named)]
    kept = (
        ["each class keeps its share in each part"] if choice.method == "random" and class_key(table) else []
    )
    sizes = [len(part) for part in parts]
    if np.abs(np.asarray(sizes) - part_sizes(len(table), shares)).max() <= max(1, 0.01 * len(table)):
        return kept
    text = ":".join(f"{size / len(table):.1%}" for size in sizes)
    what = "rare classes, a row of each in every part," if choice.method == "random" else "whole groups"
    return [*kept, f"{what} come to {text} of the rows"]
