"""What to bear in mind about a split: sentences with the numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.core.task import Task
from assay.data.column import Kind
from assay.data.inspection.wording import percent
from assay.data.split.choice import Choice
from assay.data.split.keys import class_key, dates_in_order
from assay.data.table import Table

_MANY_TWINS = 0.01  # share of the held-out rows


def cautions(table: Table, choice: Choice, train: np.ndarray, held_out: Sequence[np.ndarray]) -> list[str]:
    """The warnings for these parts; the targets of test rows are not looked at.

    Args:
        table: all rows.
        choice: how they were divided.
        train: training rows.
        held_out: validation rows and test rows.
    """
    found = [
        _about_time(table, choice, train),
        _about_group(table, choice),
        _about_twins(table, train, np.concatenate(list(held_out))),
        *_about_classes(table, train, held_out[0]),
    ]
    return [sentence for sentence in found if sentence]


def _about_time(table: Table, choice: Choice, train: np.ndarray) -> str:
    ordered = dates_in_order(table)
    dates = [column.name for column in table.columns if column.kind is Kind.DATE]
    if choice.method == "time" and choice.by_itself:
        return (
            "a random split would flatter: each held-out row would lie between training rows of nearly the "
            f"same moment{_likeness(table, train)}, which new data will not (--split random takes it still)"
        )
    if choice.method == "random" and ordered is not None:
        return (
            f"the rows stand in the order of {ordered!r}, and a random split puts each held-out row between "
            f"training rows of nearly the same moment{_likeness(table, train)}: its numbers hold for gaps in "
            "the past, not for the future (--split time)"
        )
    if choice.method == "random" and dates and table.time is None:
        return (
            f"column {dates[0]!r} holds dates that are not in order; if the network will meet later days "
            f"than these, divide by them: --split time --time-column {dates[0]!r}"
        )
    return ""


def _likeness(table: Table, train: np.ndarray) -> str:
    """How alike the targets of neighbouring training rows are, as a clause."""
    if table.task is not Task.REGRESSION or table.target is None:
        return ""
    values = table.frame[table.target.name].gather(train).cast(float).to_numpy()
    before, after = values[:-1], values[1:]
    known = np.isfinite(before) & np.isfinite(after)
    before, after = before[known], after[known]
    if len(before) < 3 or before.std() == 0 or after.std() == 0:
        return ""
    return f" (targets of neighbouring training rows correlate by {np.corrcoef(before, after)[0, 1]:.2f})"


def _about_group(table: Table, choice: Choice) -> str:
    if choice.method == "group" and table.time is not None:
        return (
            f"groups decided, so parts overlap in time; {table.time.name!r} was not used to divide the rows"
        )
    if choice.method in {"random", "time"} and table.group is not None:
        return (
            f"groups of {table.group.name!r} stand in several parts: a held-out row may be known by its group"
        )
    return ""


def _about_twins(table: Table, train: np.ndarray, held_out: np.ndarray) -> str:
    names = [column.name for column in table.features]
    if not names:
        return ""
    hashes = table.frame.select(names).hash_rows(seed=0).to_numpy()
    twins = int(np.isin(hashes[held_out], hashes[train]).sum())
    if twins <= _MANY_TWINS * len(held_out):
        return ""
    return (
        f"{twins:,} of the {len(held_out):,} held-out rows ({percent(twins / len(held_out))}) have the same "
        "features as some training row; if these are copies, the numbers flatter"
    )


def _about_classes(table: Table, train: np.ndarray, validation: np.ndarray) -> list[str]:
    key = class_key(table.take(np.concatenate([train, validation])))
    if key is None:
        return []
    classes, labels = key
    sentences = []
    for part, found in (("training", classes[: len(train)]), ("validation", classes[len(train) :])):
        absent = np.flatnonzero(np.bincount(found, minlength=len(labels)) == 0)
        if len(absent):
            shown = ", ".join(repr(labels[number]) for number in absent[:5])
            sentences.append(f"no {part} row has class {shown}{', ...' if len(absent) > 5 else ''}")
    return sentences
