"""What the texts of a file's column mean: numbers, dates, yes and no, or words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assay.core.errors import DataError
from assay.data.reading.notation import DATES, NUMBERS, TYPED
from assay.data.reading.raw import Place
from assay.data.reading.values import AGAIN, FEW, NEARLY, short
from assay.export.portable.choices import Choices
from assay.export.portable.dates import written_dates
from assay.export.portable.numbers import plain_numbers, written_numbers
from assay.export.portable.spelling import Written, stand_in_numbers

_INFINITE_WORDS = {"inf", "Inf", "-inf", "Infinity"}
_INF = float("inf")


@dataclass(frozen=True)
class Meaning:
    """Finds out what texts mean; the face of `assay.data.reading.values.Meaning` and of what follows it.

    Attributes:
        choices: what the user states.
        decimal: the sign that the file's numbers show.
        place: where each row stands.
    """

    choices: Choices
    decimal: str
    place: Place

    def of(self, name: str, texts: Sequence[str | None], known: Written | None) -> Sequence[Any]:
        """The values of a column: all numbers, all truths, all dates or all texts; None where one is missing.

        Args:
            name: of the column.
            texts: its cells.
            known: how such a column was written in the training file; it holds where every text is so
                written, and where the choices do not state otherwise.

        Raises:
            DataError: nearly all texts are numbers (or dates), and the others are not: named with their row;
                or a number is infinite.
        """
        values = None if known is None else self._as_known(texts, known)
        if values is None:
            values = self._understood(name, texts)
        return self._finite(name, _without(values, stand_in_numbers(self.choices.missing)))

    def _as_known(self, texts: Sequence[str | None], known: Written) -> Sequence[Any] | None:
        choices = self.choices
        stated = {
            NUMBERS: choices.decimal is not None or choices.thousands is not None,
            DATES: choices.day_first is not None,
        }
        if known.what == TYPED or stated.get(known.what):
            return None
        if known.what == NUMBERS and known.is_plain and (plain := plain_numbers(texts, ".")) is not None:
            return plain
        tidy = self._tidy(texts)
        values = known.values(tidy)
        if _count_missing(values) > _count_missing(tidy):
            return None
        return [None if value != value else value for value in values]  # noqa: PLR0124 NaN

    def _understood(self, name: str, texts: Sequence[str | None]) -> Sequence[Any]:
        plain = plain_numbers(texts, self.decimal)
        if plain is not None:
            return plain
        texts = self._tidy(texts)
        plain = plain_numbers(texts, self.decimal)
        return self._guessed(name, texts) if plain is None else plain

    def _tidy(self, texts: Sequence[str | None]) -> list[str | None]:
        missing = {"", *(word.strip() for word in self.choices.missing)}
        stripped = (None if text is None else text.strip() for text in texts)
        return [None if text in missing else text for text in stripped]

    def _guessed(self, name: str, texts: Sequence[str | None]) -> Sequence[Any]:
        lower = [None if text is None else text.lower() for text in texts]
        if all(text in {"true", "false", None} for text in lower):
            return [None if text is None else text == "true" for text in lower]
        choices = self.choices
        numbers = written_numbers(
            texts,
            choices.decimal or self.decimal,
            is_stated=choices.decimal is not None,
            group=choices.thousands,
        )
        if numbers is not None:
            unit = f" with {numbers.unit!r}" if numbers.unit else ""
            values: Sequence[Any] = numbers.values
            share, what = numbers.share, f"numbers{unit}"
        else:
            (values, share), what = written_dates(texts, choices.day_first), "dates"
        if share == 1.0:
            return values
        if values:
            self._refuse_mistakes(name, texts, values, what)
        return texts

    def _refuse_mistakes(
        self, name: str, texts: Sequence[str | None], values: Sequence[Any], what: str
    ) -> None:
        """A word or two among many numbers are mistakes; words that come again, or many, are meant."""
        rows = [row for row, text in enumerate(texts) if text is not None and values[row] is None]
        share = 1 - len(rows) / (len(texts) - _count_missing(texts))
        different = len({texts[row] for row in rows})
        is_category = len(set(texts)) <= FEW and len(rows) >= AGAIN * different
        if is_category or (share < NEARLY and (share < 0.5 or different > 2)):
            return
        others = "" if len(rows) == 1 else f" (and {len(rows) - 1:,} more rows hold no {what})"
        raise DataError(
            f"column {name!r} holds {what}, but {self.place.of(rows[0])} holds "
            f"{short(texts[rows[0]])}{others}",
            hint="correct it; or add the text to `missing`; or give the column the kind qualitative",
            where=self.place.source,
        )

    def _finite(self, name: str, values: Sequence[Any]) -> Sequence[Any]:
        rows = [row for row, value in enumerate(values) if isinstance(value, float) and abs(value) == _INF]
        if not rows:
            return values
        if _INFINITE_WORDS & set(self.choices.missing):
            return [None if isinstance(value, float) and abs(value) == _INF else value for value in values]
        others = f", and so do {len(rows) - 1:,} more rows" if len(rows) > 1 else ""
        raise DataError(
            f"column {name!r} holds an infinite number in {self.place.of(rows[0])}{others}",
            hint="correct it, or add 'inf' to `missing` to read it as a missing value",
            where=self.place.source,
        )


def _count_missing(values: Sequence[Any]) -> int:
    return sum(value is None for value in values)


def _without(values: Sequence[Any], numbers: frozenset[float]) -> Sequence[Any]:
    """The values without numbers that stand for a missing one; texts and truths stay."""
    if not numbers:
        return values
    return [None if type(value) in {int, float} and value in numbers else value for value in values]
