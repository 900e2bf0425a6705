"""A file of predictions, as `assay predict` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_QUOTED = '"\n\r'


def predictions_text(columns: Mapping[str, Sequence[Any]], separator: str = ",") -> Iterator[str]:
    """The lines of a CSV file with these columns, a header first; None is an empty field.

    Args:
        columns: of equal length, by name.
        separator: between fields.
    """
    yield separator.join(_field(name, separator) for name in columns) + "\n"
    for row in zip(*columns.values(), strict=True):
        yield separator.join(_field(value, separator) for value in row) + "\n"


def answer_columns(
    labels: Sequence[Any],
    predictions: Sequence[Any],
    probabilities: Sequence[Sequence[float]] | None,
    warnings: Sequence[Sequence[str]],
) -> dict[str, Sequence[Any]]:
    """The columns of a file of predictions: `prediction`, `probability_LABEL` for each class, and `warnings`.

    Args:
        labels: the classes; none for a quantity.
        predictions: a value or a label for each row.
        probabilities: of each row, in the order of the labels; None for a quantity.
        warnings: what no training row had, by row; without any, there is no such column.
    """
    columns: dict[str, Sequence[Any]] = {"prediction": predictions}
    if probabilities is not None:
        by_label = list(zip(*probabilities, strict=True)) or [()] * len(labels)
        columns |= {f"probability_{label}": by_label[number] for number, label in enumerate(labels)}
    if any(warnings):
        columns["warnings"] = ["; ".join(texts) or None for texts in warnings]
    return columns


def _field(value: Any, separator: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    text = str(value)
    if not text or separator in text or any(sign in text for sign in _QUOTED):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text


def _number(value: float) -> str:
    """The shortest digits that give the number again, as polars places their point."""
    text = repr(value)
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    if int(exponent) == -5:
        sign, digits = ("-" if value < 0 else ""), mantissa.lstrip("-").replace(".", "")
        return f"{sign}0.0000{digits}"
    power = int(exponent)
    return f"{mantissa}e{power:+d}" if power > 0 else f"{mantissa}e{power}"
