"""What somebody else split, as tables with equal columns: files, frames, arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from assay.core.errors import DataError, did_you_mean
from assay.data.column import Role
from assay.data.images.detect import is_image_source
from assay.data.reading import read
from assay.data.table import Table
from assay.diagnosis.leaks.pair import counted, label_text, listed

_ARRAYS = 2  # (features, target)
_FEW = 2  # values of a quantity, which make it look like classes


@dataclass(frozen=True, eq=False)
class Part:
    """Rows that a score is measured on.

    Attributes:
        name: test or validation.
        table: its rows, with the columns, kinds and roles of the training rows.
        num_rows: of the source, those that were left out included.
        labelled: where the source has rows with a target, counted from 0, ascending.
        notes: what was done on the way, one sentence each.
    """

    name: str
    table: Table
    num_rows: int
    labelled: np.ndarray
    notes: tuple[str, ...] = ()


def read_parts(
    train: Any, others: dict[str, Any], target: str | int | None, **reading: Any
) -> tuple[Table, tuple[Part, ...]]:
    """The training table, and the other parts with its columns, kinds and roles.

    Args:
        train: anything that `assay.read` takes, or a pair of arrays: features (N, D) and target (N,).
        others: the same by part's name.
        target: the target's name or position; None for pairs of arrays.
        reading: choices of `assay.read`.

    Raises:
        DataError: a part cannot be read, lacks a column, or holds another type in it.
        RecipeError: a choice is impossible.
    """
    for part, source in ({"training": train} | others).items():
        need_file(source, f"the {part} rows")
    first, name = _joined(train, target)
    table = read(first, target=name, **reading)
    if table.target is None or table.task is None:
        raise DataError(
            "no target column is named", hint="say which: target=..., or --target", where=table.name
        )
    stated = {key: value for key, value in reading.items() if key != "task"}
    return table, tuple(_like(table, source, part, stated) for part, source in others.items())


def holds_images(source: Any) -> bool:
    """Whether a part is a set of images, read or not."""
    return source.is_images if isinstance(source, Table) else is_image_source(source)


def need_file(source: Any, what: str) -> None:
    """Refuse a path that cannot be read twice, as reading does to find out what the file is.

    Raises:
        DataError: it is a folder, a pipe or a device.
    """
    if not isinstance(source, str | Path):
        return
    path = Path(source)
    try:
        is_other = path.exists() and not path.is_file()
        is_folder = path.is_dir()
    except (OSError, ValueError):  # the reader says what is wrong with it
        return
    if is_other:
        found = "is a folder" if is_folder else "is a pipe or a device"
        raise DataError(
            f"{what}: {str(source)!r} {found}, and a file with a table was expected",
            hint="" if is_folder else "write the rows to a file first",
        )


def _joined(source: Any, target: str | int | None) -> tuple[Any, str | int | None]:
    """A pair of arrays as one frame, whose last column is the target."""
    if not (isinstance(source, tuple) and len(source) == _ARRAYS):
        return source, target
    features, values = source
    frame = read(features).frame
    name = target if isinstance(target, str) else "target"
    target_N = _column(name, values)
    if name in frame.columns:
        raise DataError(f"the features have a column {name!r} too", hint="pass target='another name'")
    if len(target_N) != frame.height:
        raise DataError(f"there are {frame.height:,} rows of features and {len(target_N):,} targets")
    return frame.with_columns(target_N), name


def _column(name: str, values: Any) -> pl.Series:
    """(N,) the target, whatever holds it."""
    try:
        target_N = np.asarray(values)
        if target_N.size == max(target_N.shape, default=0):
            return pl.Series(name, target_N.reshape(-1).tolist())
    except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
        raise DataError(f"the target is no column of numbers or texts: {error}", where=name) from error
    shape = " x ".join(map(str, target_N.shape)) or "no dimension"
    raise DataError(f"the target has the shape {shape}, and one value for each row was expected", where=name)


def _like(train: Table, source: Any, part: str, reading: dict[str, Any]) -> Part:
    """The part with the kinds of the training table; rows without a target are left out."""
    target = train.target.name if train.target else ""
    columns = [column.name for column in train.columns]
    table = read(_joined(source, target)[0], columns=columns, **reading)
    there = table.frame.columns
    wanted = [target, *(column.name for column in train.columns if column.role is not Role.IGNORED)]
    missing = [name for name in wanted if name not in there]
    if missing:
        raise DataError(
            f"the {part} rows have no column {missing[0]!r}, and the training rows have one",
            hint=did_you_mean(missing[0], there) or "name the columns alike",
            where=table.name,
        )
    kept = tuple(column for column in train.columns if column.name in there)
    frame = pl.DataFrame([_typed(table.frame[c.name], train.frame[c.name], table.name) for c in kept])
    typed = replace(table, frame=frame, columns=kept, task=train.task)
    known = frame[target].is_not_null()
    notes = [*_more_columns(part, columns, there), *_without_target(part, int((~known).sum()))]
    typed = typed.take(known.to_numpy())
    labelled = typed.in_source(np.arange(len(typed)))
    typed, more = of_known_classes(train, typed, part)
    return Part(part, typed, len(table), labelled, (*notes, *more, *_few_values(train, typed, part)))


def _more_columns(part: str, known: list[str], there: list[str]) -> list[str]:
    more = [name for name in there if name not in known]
    if not more:
        return []
    which = counted(len(more), "column")
    return [f"the {part} rows have {which} that training lacks ({listed(more)}): not compared"]


def _without_target(part: str, count: int) -> list[str]:
    if not count:
        return []
    return [f"{counted(count, f'{part} row')} without a target {'was' if count == 1 else 'were'} left out"]


def of_known_classes(train: Table, table: Table, part: str) -> tuple[Table, list[str]]:
    """The rows whose class some training row has, and what was left out.

    Raises:
        DataError: no row is left.
    """
    if train.task is None or train.target is None or not train.task.is_classification:
        return table, []
    name = train.target.name
    known = train.frame[name].unique().sort().to_list()
    classes = set(known)  # 1 and 1.0 are equal, and so are their hashes
    is_known = pl.Series([value in classes for value in table.frame[name].to_list()], dtype=pl.Boolean)
    unknown = table.frame[name].filter(~is_known)
    if not len(unknown):
        return table, []
    found = list(map(label_text, unknown.unique().sort().to_list()))
    if not is_known.any():
        raise DataError(
            f"no {part} row has a class of the training rows: their target {name!r} is one of "
            f"{listed(found, 5)} here, and one of {listed([label_text(label) for label in known], 5)} there",
            where=table.name,
        )
    have = "has" if len(unknown) == 1 else "have"
    classes_are = f"class {found[0]!r}" if len(found) == 1 else f"one of the classes {listed(found)}"
    note = f"{counted(len(unknown), f'{part} row')} {have} {classes_are}, which no training row has: left out"
    return table.take(is_known.to_numpy()), [note]


def _few_values(train: Table, table: Table, part: str) -> list[str]:
    """A quantity that takes one or two values among these rows alone may be something else."""
    if train.task is None or train.target is None or train.task.is_classification:
        return []
    name = train.target.name
    count, in_training = table.frame[name].n_unique(), train.frame[name].n_unique()
    if not len(table) or count > _FEW or in_training <= _FEW:
        return []
    return [
        f"the target {name!r} takes {counted(count, 'value')} among the {part} rows and {in_training:,} in "
        "training: is it the same quantity?"
    ]


def _typed(series: pl.Series, like: pl.Series, where: str) -> pl.Series:
    """The column with the type that it has among the training rows."""
    if series.dtype == like.dtype or series.null_count() == len(series):
        return series.cast(like.dtype, strict=False)
    numbers = series.dtype.is_numeric() and like.dtype.is_numeric()
    dates = series.dtype.is_temporal() and like.dtype.is_temporal()
    if numbers or dates:
        return series
    raise DataError(
        f"column {series.name!r} holds {like.dtype} among the training rows and {series.dtype} here "
        f"(e.g. {series.drop_nulls()[0]!r})",
        hint="write it alike in all parts, or leave it out with --ignore",
        where=where,
    )
