"""One column of a schema: what a bundle expects in it, and what the training rows had."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.data.column import Column, Kind
from assay.data.reading.notation import NUMBERS
from assay.data.reading.spelling import Spelling
from assay.data.schema.encode import Values, encode_column
from assay.data.schema.label import label_of
from assay.data.schema.values import (
    FALSE_WORDS,
    TRUE_WORDS,
    Parser,
    level_parser,
    parse_boolean,
    parse_date,
    parse_number,
    parse_number_or_boolean,
    parse_numbered_date,
    with_boolean_words,
)

Dtype = Literal["integer", "number", "text", "boolean", "date", "datetime"]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CATEGORIES = {Kind.QUALITATIVE, Kind.BOOLEAN}


@dataclass(frozen=True)
class InputColumn:
    """What a bundle expects in a column.

    Attributes:
        name: as in the training data.
        kind: what its values are.
        dtype: how its values are written.
        levels: the texts seen in training; a raw value is the index in here.
        codes: raw codes seen in training, ascending, of categories and of steps that may be codes: numbers,
            or indices of `levels`.
        low, high: lowest and highest number (date: epoch seconds) seen in training; None for categories.
        missing: whether a training row had no value here.
        spelling: how the values were written in the training file; None where nothing is known of it.
    """

    name: str
    kind: Kind
    dtype: Dtype
    levels: tuple[str, ...] = ()
    codes: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    missing: bool = False
    spelling: Spelling | None = None

    @classmethod
    def of(cls, column: Column, series: pl.Series, spelling: Spelling | None = None) -> Self:
        """Describe a column by its training values, and how those were written.

        Raises:
            DataError: the values cannot have the column's kind.
        """
        dtype = _dtype(column, series)
        blank = cls(column.name, column.kind, dtype, _levels(column, series) if dtype == "text" else ())
        raw = blank.encode(series)
        observed = raw[~np.isnan(raw)]
        described = replace(blank, missing=len(observed) < len(raw), spelling=spelling)
        if blank.is_category or (column.kind is Kind.ORDINAL and column.likely_codes):
            described = replace(described, codes=tuple(np.unique(observed).tolist()))
        if len(observed) and not blank.is_category:
            described = replace(described, low=float(observed.min()), high=float(observed.max()))
        return described

    @property
    def is_category(self) -> bool:
        """Whether the values are names or codes without an order."""
        return self.kind in _CATEGORIES

    @property
    def is_date(self) -> bool:
        """Whether the values are days or moments."""
        return self.kind is Kind.DATE

    @property
    def is_number(self) -> bool:
        """Whether the values are quantities or steps in an order."""
        return self.kind in {Kind.QUANTITATIVE, Kind.ORDINAL}

    @cached_property
    def parse(self) -> Parser:
        """Reads one raw value; raises ValueError for a value that it cannot read."""
        if self.dtype == "text":
            parse = level_parser({text: index for index, text in enumerate(self.levels)})
            return (
                with_boolean_words(parse) if self.kind is Kind.BOOLEAN and _are_words(self.levels) else parse
            )
        if self.dtype == "boolean":
            return parse_boolean
        if self.is_date:
            is_numbered = self.spelling is not None and self.spelling.what == NUMBERS
            return parse_numbered_date if is_numbered else parse_date
        return parse_number_or_boolean if self.codes == (0.0, 1.0) else parse_number

    def encode(self, values: Values) -> np.ndarray:
        """(N,) float64 of raw values, NaN for missing.

        Raises:
            DataError: a value cannot be read; names its row and the column.
        """
        return encode_column(values, self.parse, self.name, self.spelling)

    def label(self, code: float) -> str:
        """A raw value as the user writes it."""
        return label_of(code, self.levels, self.dtype, is_date=self.is_date)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"spelling": self.spelling and self.spelling.to_json()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The column that `to_json` wrote."""
        plain = dict(values)
        plain |= {
            "kind": Kind(plain["kind"]),
            "levels": tuple(plain["levels"]),
            "codes": tuple(plain["codes"]),
            "spelling": None if plain.get("spelling") is None else Spelling.from_json(plain["spelling"]),
        }
        return cls(**plain)


def _dtype(column: Column, series: pl.Series) -> Dtype:
    kind, dtype = column.kind, series.dtype
    dates: dict[Any, Dtype] = {pl.Date: "date", pl.Datetime: "datetime"}
    if kind is Kind.DATE and dtype.base_type() in dates:
        return dates[dtype.base_type()]
    if kind is not Kind.DATE and dtype.is_numeric():
        return "integer" if dtype.is_integer() else "number"
    if kind is not Kind.DATE and dtype == pl.Boolean:
        return "boolean"
    if kind not in {Kind.DATE, Kind.QUANTITATIVE} and dtype == pl.String:
        return "text"
    example = next(iter(series.drop_nulls().head(1).to_list()), None)
    raise DataError(
        f"the values (such as {str(example)!r}) cannot be {kind.value}",
        hint="correct the column's kind in read.kinds, or ignore the column",
        where=f"column {column.name!r}",
    )


def _levels(column: Column, series: pl.Series) -> tuple[str, ...]:
    seen = [text for text in series.drop_nulls().unique().to_list() if text.strip()]
    if column.kind is Kind.ORDINAL:
        return _in_order(column, seen)
    if column.kind is Kind.BOOLEAN and _are_words(seen):
        return tuple(sorted(seen, key=lambda text: text.strip().lower() in TRUE_WORDS))
    return tuple(sorted(seen))


def _in_order(column: Column, seen: list[str]) -> tuple[str, ...]:
    """The order that the user gave; without one, the numbers in the texts ("9-10" before "10-11")."""
    given = column.levels
    homeless = [text for text in seen if (text not in given if given else not _NUMBER.search(text))]
    if homeless:
        raise DataError(
            f"the order of the level {sorted(homeless)[0]!r} is not known",
            hint="list all levels from low to high in read.levels, or call the column qualitative",
            where=f"column {column.name!r}",
        )
    return given or tuple(sorted(seen, key=lambda text: (float(_NUMBER.findall(text)[0]), text)))


def _are_words(levels: tuple[str, ...] | list[str]) -> bool:
    return {text.strip().lower() for text in levels} <= TRUE_WORDS | FALSE_WORDS
