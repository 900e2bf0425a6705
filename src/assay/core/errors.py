"""The one error tree.

    AssayError                 something stopped; carries code, message, hint, where
    ├── InputError             the user's input is wrong: exit status 2
    │   ├── DataError          a file, a row, a column
    │   ├── RecipeError        a setting
    │   ├── BundleError        a bundle or study folder that cannot be used
    │   └── MissingPartError   an optional library or a data set that is not installed
    ├── TrainingError          the optimisation broke down (a loss that is not finite)
    └── CutShortError          the time was up, or a person pressed Ctrl-C; what is finished stays

A message says what was found and what was expected; the hint says what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class AssayError(Exception):
    """Base of all errors that Assay raises on purpose.

    Args:
        message: what was found and what was expected, one sentence, with the value.
        hint: what to do about it.
        where: file, row, column or setting; the parts that are known, outermost first.
    """

    code = "error"
    exit_status = 1

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        return " ".join(f"{place}{self.message}{hint}".split())

    def to_json(self) -> dict[str, str]:
        """The error as the web API and `--json` print it."""
        return {"code": self.code, "message": self.message, "hint": self.hint, "where": self.where}


class InputError(AssayError):
    """The user's input is wrong."""

    code = "input"
    exit_status = 2


class DataError(InputError):
    """A data file, a row or a column is not what was expected."""

    code = "data"


class RecipeError(InputError):
    """A setting is unknown or has a value that it cannot have."""

    code = "recipe"


class BundleError(InputError):
    """A bundle or a study folder is missing, damaged, or from a newer version."""

    code = "bundle"


class MissingPartError(InputError):
    """An optional library or a data set is not on this machine."""

    code = "missing-part"


class TrainingError(AssayError):
    """The optimisation broke down; the last good weights are kept."""

    code = "training"


class CutShortError(AssayError):
    """A training could not come to its end: the message is the reason, one clause. What is finished stays."""

    code = "cut-short"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint that names the closest known word, or lists them all when none is close."""
    names = [str(word) for word in known]
    close = get_close_matches(name.lower(), [word.lower() for word in names], n=1, cutoff=0.6)
    if close:
        original = next(word for word in names if word.lower() == close[0])
        return f"did you mean {original!r}?"
    shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    return f"known: {shown}" if names else ""
