"""Tables whose columns are written in every way that is read, and others like them with mistakes in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

import assay
from assay.data.column import Kind
from assay.data.schema import Schema

Cell = Callable[[np.random.Generator], str]
_START = datetime(2019, 3, 1, 4, 5, 6)


def _moment(rng: np.random.Generator) -> datetime:
    return _START + timedelta(days=int(rng.integers(0, 1500)), seconds=int(rng.integers(0, 86_400)))


def _dated(pattern: str) -> Cell:
    return lambda rng: _moment(rng).strftime(pattern)


def _one_of(*words: str) -> Cell:
    return lambda rng: str(rng.choice(words))


def _grouped(mark: str, sign: str, unit: str = "") -> Cell:
    def cell(rng: np.random.Generator) -> str:
        whole = f"{rng.integers(1000, 9_999_999):,}".replace(",", mark)
        return f"{unit}{whole}{sign}{rng.integers(0, 100):02d}"

    return cell


COLUMNS: dict[str, Cell] = {
    "whole": lambda rng: str(rng.integers(-50, 5000)),
    "decimal": lambda rng: f"{rng.normal() * 100:.3f}",
    "signed": lambda rng: f"{rng.normal():+.2e}",
    "comma": lambda rng: f"{rng.normal() * 100:.2f}".replace(".", ","),
    "grouped": _grouped(",", "."),
    "swiss": _grouped("'", "."),
    "blank grouped": _grouped("\u202f", ","),
    "money": _grouped(",", ".", "$"),
    "euro": lambda rng: f"{rng.integers(1, 900)},{rng.integers(0, 100):02d} \u20ac",
    "share": lambda rng: f"{rng.integers(1, 99)}.5 %",
    "minus": lambda rng: f"\u2212{rng.integers(1, 99)}.{rng.integers(0, 9)}",
    "flag": _one_of("0", "1"),
    "truth": _one_of("true", "FALSE", "True", "false"),
    "word": _one_of("Yes", "No"),
    "colour": _one_of("red", "green", 'sky, "light" blue', "two\nlines"),
    "code": _one_of("1", "2", "3", "7"),
    "grade": _one_of("low", "middle", "high"),
    "day": _dated("%Y-%m-%d"),
    "german day": _dated("%d.%m.%Y"),
    "us day": _dated("%m/%d/%Y"),
    "short day": _dated("%d-%m-%y"),
    "named day": _dated("%d-%b-%Y"),
    "long day": _dated("%B %d, %Y"),
    "moment": _dated("%Y-%m-%d %H:%M:%S"),
    "zoned": _dated("%Y-%m-%dT%H:%M:%S+02:00"),
    "half day": _dated("%m/%d/%Y %I:%M %p"),
    "numbered day": _dated("%Y%m%d"),
    "epoch": lambda rng: str(int(_moment(rng).timestamp())),
}
KINDS = {
    **dict.fromkeys(("flag", "truth", "word"), Kind.BOOLEAN),
    **dict.fromkeys(("colour", "code"), Kind.QUALITATIVE),
    "grade": Kind.ORDINAL,
    **dict.fromkeys((name for name in COLUMNS if "day" in name), Kind.DATE),
    **dict.fromkeys(("moment", "zoned", "epoch"), Kind.DATE),
}
MISTAKES = (
    "", " ", "NA", "?", "-", "nan", "inf", "-999", "1,5", "1.5", "1.234,5", "1,234.5", "1_000", "00501",
    "0x1F", "1e400", "99999999999999999999", "abc", "true", "NO", "yes", "t", "1.0", "0.0", "red", "Red",
    " red ", "2020-02-30", "2020-01-02", "31.12.2020", "1/2/2021", "2020-01-02T03:04:05Z", "2020-01-02 03:04",
    "20200131", "1577836800", "$5", "5 %", "5\u20ac", "\u22123", "low", "1.", ".5", "+3", "1 000", "1'000",
    "3-Mar-20", "May 1, 2020", "2020-01-02T03:04:05.123456789+05:30", "12:30", "two\nlines", 'q"q',
    "caf\u00e9",
)  # fmt: skip


def training_schema(path: Path, columns: Sequence[str], seed: int = 0, missing: str = "NA") -> Schema:
    """The schema of a training file with these columns, a tenth of the cells missing."""
    path.write_text(rows_text(columns, 120, seed, missing=missing), encoding="utf-8")
    kinds = {name: kind for name, kind in KINDS.items() if name in columns}
    levels = {"grade": ("low", "middle", "high")} if "grade" in columns else {}
    words = ("", "NA", "?", missing)
    return Schema.of(assay.read(path, kinds=kinds, levels=levels, missing=words))


def rows_text(
    columns: Sequence[str],
    num_rows: int,
    seed: int,
    *,
    missing: str = "NA",
    mistakes: float = 0.0,
    separator: str = ",",
    line_end: str = "\n",
) -> str:
    """A CSV file of such columns; a share of the cells are mistakes."""
    rng = np.random.default_rng(seed)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator=line_end)
    writer.writerow(columns)
    for _ in range(num_rows):
        row = [missing if rng.random() < 0.1 else COLUMNS[name](rng) for name in columns]
        writer.writerow([str(rng.choice(MISTAKES)) if rng.random() < mistakes else cell for cell in row])
    return stream.getvalue()
