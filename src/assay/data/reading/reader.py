"""A table from a file or from memory: `read`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assay.core.errors import DataError, RecipeError
from assay.data.column import Kind, Role
from assay.data.images.detect import is_image_source
from assay.data.kinds import AS_STATED
from assay.data.reading.arrow_file import read_arrow
from assay.data.reading.excel_file import read_excel
from assay.data.reading.formats import Format, file_format
from assay.data.reading.memory import read_memory
from assay.data.reading.names import find_name
from assay.data.reading.raw import Place, Raw
from assay.data.reading.settings import ReadSettings
from assay.data.reading.spelling import Spelling
from assay.data.reading.text_file import read_text
from assay.data.reading.untyped import Untyped
from assay.data.table import Table

if TYPE_CHECKING:
    from assay.data.images.settings import ImageSettings

Value = TypeVar("Value")


def read(
    source: Any,
    *,
    target: str | int | None = None,
    columns: Collection[str] | None = None,
    settings: ReadSettings | None = None,
    spellings: Mapping[str, Spelling] | None = None,
    images: ImageSettings | None = None,
    **choices: Any,
) -> Table:
    """Read a table and find out what its columns are.

    A folder of images, a Parquet file with a column of them, the CIFAR archive or a torch `Dataset` becomes a
    table whose rows show images (`Table.images`); see `assay.data.images.read_images`.

    Args:
        source: the path of a CSV, TSV, Parquet, Arrow or Excel file; a pandas or polars frame; a 2-D NumPy
            array (columns `x0`, `x1`, ...); a dictionary of columns; or a `Table`, which gets new roles.
        target: the column to predict, by name or by position from 0. Rows without its value are left out.
        columns: those that will be used, where that is known: the others are ignored, and whatever they hold
            is not refused. Names that are not there are left to the user of the table.
        settings: how to read.
        spellings: how columns were written in a file like this one (`Table.spellings`), by name. A column is
            read so where all its texts are written so, and `settings` do not state otherwise.
        images: size, channels and storage of images, where the source holds some.
        **choices: single settings by name, laid over `settings`; see `ReadSettings`.

    Returns:
        The table: columns of numbers, String, Boolean, Date and Datetime, each with kind, role and the reason
        for them; `notes` says what was guessed on the way.

    Raises:
        DataError: what is wrong with the file, the row or the column.
        RecipeError: a setting is unknown, or names a column that is not there.
    """
    given = (settings or ReadSettings()).model_dump(exclude_unset=True) | choices
    if (isinstance(source, Table) and source.is_images) or is_image_source(source):
        return _read_images(source, target, ReadSettings.checked(given, where="reading"), images)
    known = spellings or {}
    if known:
        given = {"missing": _missing(known)} | given
    is_plain = all(spelling.is_plain for spelling in known.values())
    rows = untyped(source, target, ReadSettings.checked(given, where="reading"), whole=is_plain)
    rows = replace(rows, spellings={**rows.spellings, **known})
    return (rows if columns is None else rows.using(columns)).table()


def _read_images(
    source: Any, target: str | int | None, read: ReadSettings, settings: ImageSettings | None
) -> Table:
    from assay.data.images.reading import again, read_images

    if isinstance(source, Table):
        return again(source, target, read)
    return read_images(source, target=target, read=read, settings=settings).table


def _missing(spellings: Mapping[str, Spelling]) -> tuple[str, ...]:
    """What stood for a missing value; a setting of a whole file."""
    return tuple(dict.fromkeys(word for spelling in spellings.values() for word in spelling.missing))


def untyped(source: Any, target: str | int | None, settings: ReadSettings, *, whole: bool = False) -> Untyped:
    """Read the rows of a source, and leave open what its columns are.

    Args:
        source: as for `read`; the columns of a `Table` keep their types.
        target: as for `read`.
        settings: how to read.
        whole: whether all rows decide what the columns are; no part may then be typed by itself.

    Raises:
        DataError: what is wrong with the file.
        RecipeError: a setting names a column that is not there.
    """
    if isinstance(source, Table):
        return _again(source, target, settings)
    raw = _raw(source, settings, whole=whole)
    names, where = raw.frame.columns, raw.place.source
    if not names or not raw.frame.height:
        width = f"{len(names)} column" + ("" if len(names) == 1 else "s")
        raise DataError(f"there are no rows ({width})", where=where)
    target_name = None if target is None else find_name(target, names, where)
    return Untyped(raw, target_name, _found(settings, names, target_name, where))


def _raw(source: Any, settings: ReadSettings, *, whole: bool) -> Raw:
    if not isinstance(source, str | PathLike):
        return read_memory(source)
    if not str(source).strip():
        raise DataError("the name of the file is empty", hint="name a file with a table")
    path = Path(source)
    form, notes = file_format(path)
    if form in {Format.TEXT, Format.GZIP}:
        raw = read_text(path, settings, packed=form is Format.GZIP, whole=whole)
    elif form is Format.EXCEL:
        raw = read_excel(path, settings)
    else:
        raw = read_arrow(path, form)
    return replace(raw, notes=(*notes, *raw.notes))


def _found(settings: ReadSettings, names: list[str], target: str | None, source: str) -> ReadSettings:
    """The settings with every column's name as the frame has it; contradictions are refused."""
    changes: dict[str, Any] = {
        "ignore": tuple(_known(name, names, "ignore") for name in settings.ignore),
        "kinds": _keyed(settings.kinds, names, "kinds"),
        "levels": _keyed(settings.levels, names, "levels"),
        "time": settings.time if settings.time is None else _known(settings.time, names, "time"),
        "group": settings.group if settings.group is None else _known(settings.group, names, "group"),
    }
    roles: dict[str, str] = {} if target is None else {target: "target"}
    uses = [(name, "ignored") for name in changes["ignore"]]
    uses += [(changes[role], role) for role in ("time", "group") if changes[role] is not None]
    for name, role in uses:
        if roles.setdefault(name, role) != role:
            raise RecipeError(
                f"column {name!r} cannot be both {roles[name]} and {role}", hint="leave one out", where=source
            )
    for name in changes["levels"]:
        if (kind := changes["kinds"].get(name, Kind.ORDINAL)) is not Kind.ORDINAL:
            raise RecipeError(f"levels are stated for column {name!r}, whose kind is said to be {kind}")
    return settings.model_copy(update=changes)


def _known(name: str, names: list[str], setting: str) -> str:
    try:
        return find_name(name, names, setting)
    except DataError as error:
        raise RecipeError(error.message, hint=error.hint, where=f"read.{setting}") from error


def _keyed(values: Mapping[str, Value], names: list[str], setting: str) -> dict[str, Value]:
    return {_known(name, names, setting): value for name, value in values.items()}


def _again(table: Table, target: str | int | None, settings: ReadSettings) -> Untyped:
    """The table with new roles; what was said about it before holds where nothing new is said."""
    names, old, given = table.frame.columns, table.target, settings.model_dump(exclude_unset=True)
    target_name = None if old is None else old.name
    if target is not None:
        target_name = find_name(target, names, table.name)
    stated = {column.name: column.kind for column in table.columns if column.why == AS_STATED}
    before: dict[str, Any] = {
        "ignore": tuple(column.name for column in table.columns if column.role is Role.IGNORED),
        "time": table.time.name if table.time else None,
        "group": table.group.name if table.group else None,
    }
    if old is not None and old.name == target_name and stated.pop(old.name, None) is not None:
        before["task"] = table.task
    kinds = given.get("kinds", {})
    levels = {
        column.name: column.levels for column in table.columns if column.levels and column.name not in kinds
    }
    merged = before | given | {"kinds": stated | kinds, "levels": levels | given.get("levels", {})}
    found = _found(ReadSettings.checked(merged, where="reading"), names, target_name, table.name)
    raw = Raw(table.frame, Place(table.name), table.notes)
    return Untyped(raw, target_name, found, True, table.left_out, table.spellings)
