"""Excel workbooks, old (.xls) and new (.xlsx)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from assay.core.errors import DataError, RecipeError, did_you_mean
from assay.data.reading.header import find_header
from assay.data.reading.names import nameless, whole_names
from assay.data.reading.raw import Place, Raw
from assay.data.reading.settings import ReadSettings

if TYPE_CHECKING:
    from fastexcel import ExcelReader

_SAMPLE_ROWS = 300


def read_excel(path: Path, settings: ReadSettings) -> Raw:
    """Read one sheet; the names may stand below title rows.

    Raises:
        DataError: the workbook is damaged or holds no rows.
        RecipeError: there is no such sheet.
    """
    import fastexcel

    with _as_data_error(path), _quiet():
        book = fastexcel.read_excel(path)
        sheet, note = _sheet(book, settings.sheet, path.name)
        top = _top(book, sheet, settings.skip_rows, path.name)
        rows = [["" if cell is None else str(cell) for cell in row] for row in top.iter_rows()]
        place = Place(path.name, np.arange(len(rows)) + settings.skip_rows + 1, "sheet row")
        with _naming_sheets(book, settings.sheet):
            header = find_header(rows, settings.header, frozenset({"", *settings.missing}), place)
        names, renamed = whole_names(header.names)
        frame = _cells(book, sheet, settings.skip_rows + header.first, None, as_text=False)
    frame.columns = names
    empty = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
    lines = np.arange(len(frame)) + settings.skip_rows + header.first + 1
    return Raw(
        frame.filter(~empty),
        Place(path.name, lines[~empty.to_numpy()], "sheet row"),
        tuple(text for text in (note, header.note) if text),
        renamed=renamed,
        nameless=nameless(header.names, names),
        only_floats=True,
    )


@contextmanager
def _as_data_error(path: Path) -> Iterator[None]:
    """Turn what the Excel library says of a damaged file into a `DataError`."""
    import fastexcel

    try:
        yield
    except BaseException as error:
        # On some damaged files the library panics, which is no `Exception` and has no public name.
        if isinstance(error, fastexcel.FastExcelError) or type(error).__name__ == "PanicException":
            reason = _reason(path, str(error))
            raise DataError(reason, hint="save it again as .xlsx or CSV", where=path.name) from error
        raise


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the library's warnings about columns that hold nothing."""
    logger = logging.getLogger("fastexcel.types.dtype")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _sheet(book: ExcelReader, wanted: str | int | None, source: str) -> tuple[str, str]:
    names = book.sheet_names
    if isinstance(wanted, str) and wanted not in names and wanted.isdecimal():
        wanted = int(wanted)
    if isinstance(wanted, int):
        if not 0 <= wanted < len(names):
            raise RecipeError(
                f"there is no sheet number {wanted}",
                hint=f"numbers go from 0 to {len(names) - 1}",
                where=source,
            )
        return names[wanted], ""
    if wanted is not None:
        if wanted not in names:
            raise RecipeError(f"there is no sheet {wanted!r}", hint=did_you_mean(wanted, names), where=source)
        return wanted, ""
    tops = {name: book.load_sheet(name, header_row=None, n_rows=2, dtypes="string") for name in names}
    filled = [name for name in names if tops[name].width]
    if not filled:
        raise DataError("the workbook is empty", where=source)
    table = next((name for name in filled if tops[name].width > 1), filled[0])  # a note fills one column
    note = f"sheet {table!r} was read; {_choice(names)}" if len(names) > 1 else ""
    return table, note


def _choice(names: list[str]) -> str:
    return f"sheets: {', '.join(map(repr, names))}; choose with sheet"


@contextmanager
def _naming_sheets(book: ExcelReader, wanted: str | int | None) -> Iterator[None]:
    """Where no sheet was chosen and the one that was taken holds no table, say which there are."""
    try:
        yield
    except DataError as error:
        if wanted is None and len(book.sheet_names) > 1:
            raise DataError(error.message, hint=_choice(book.sheet_names), where=error.where) from error
        raise


def _top(book: ExcelReader, sheet: str, skip: int, source: str) -> pl.DataFrame:
    """The first rows as text."""
    import fastexcel

    try:
        return _cells(book, sheet, skip, _SAMPLE_ROWS, as_text=True)
    except fastexcel.InvalidParametersError as error:
        raise DataError(
            f"there is nothing below the {skip} rows that skip_rows skips", where=source
        ) from error


def _cells(book: ExcelReader, sheet: str, skip: int, rows: int | None, *, as_text: bool) -> pl.DataFrame:
    loaded = book.load_sheet(
        sheet,
        header_row=None,
        skip_rows=skip,
        n_rows=rows,
        schema_sample_rows=None,
        dtypes="string" if as_text else None,
    )
    return loaded.to_polars()


def _reason(path: Path, error: str) -> str:
    with path.open("rb") as stream:
        is_zip = stream.read(2) == b"PK"
    if is_zip and "EOCD" not in error:
        return "the file is a ZIP archive without an Excel workbook in it"
    return "the Excel workbook is damaged, cut off or locked by a password"
