"""What was noticed about data, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Finding:
    """One observation with a stable code.

    Attributes:
        code: e.g. ``A101``; it keeps its meaning in all versions and can be muted in the recipe.
        column: the column's name, or None when the whole table is meant.
        message: what was found, one sentence with the numbers.
        advice: what to do.
    """

    code: str
    column: str | None
    message: str
    advice: str

    def to_json(self) -> dict[str, str | None]:
        """The finding as `inspection.json` holds it."""
        return asdict(self)
