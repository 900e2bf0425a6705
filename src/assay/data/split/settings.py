"""The settings of the split."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from assay.core.errors import RecipeError
from assay.core.settings import Settings, setting

_BY_SIZE = "60:20:20 below 100,000 rows, from there towards 98:1:1, since large parts need no large share"


class SplitSettings(Settings):
    """How the rows are divided. Shares that are not given follow the number of rows.

    Official row numbers are written as ``"1-463715"``, ``"last 51630"``, ``"first 100"``, ``"463716-"``, or
    several of these with commas between; rows are counted from 1, and both ends belong to the range.
    """

    method: Literal["auto", "random", "time", "group", "rows"] = setting(
        "auto",
        "random (classes keep their shares), time (the latest rows are the test), group (whole groups), "
        "rows (official row numbers), or auto",
        "official row numbers decide, then a group column, a time column, dates in order; else chance",
    )
    train: float | None = setting(None, "share of the training rows", _BY_SIZE, gt=0, lt=1)
    validation: float | None = setting(None, "share of the validation rows", _BY_SIZE, gt=0, lt=1)
    test: float | None = setting(None, "share of the test rows", _BY_SIZE, gt=0, lt=1)
    train_rows: str | None = setting(
        None, 'official training rows, e.g. "1-463715"; absent: the rows that no other part names'
    )
    validation_rows: str | None = setting(
        None, "official validation rows; absent: drawn from the official training rows"
    )
    test_rows: str | None = setting(
        None, 'official test rows, e.g. "last 51630"; absent: the rows that no other part names'
    )

    train_like: float = setting(
        0.1,
        "share of the training rows held back by chance where validation goes by group or time; 0 for none",
        "without them nobody can tell variance from mismatch; never more rows than validation has",
        ge=0,
        lt=1,
    )

    @property
    def names_rows(self) -> bool:
        """Whether any part is given by official row numbers."""
        return any((self.train_rows, self.validation_rows, self.test_rows))

    @model_validator(mode="after")
    def _agree(self) -> Self:
        self._check_shares()
        self._check_rows()
        return self

    def _check_shares(self) -> None:
        given = [share for share in (self.train, self.validation, self.test) if share is not None]
        total = sum(given)
        if len(given) == 3 and abs(total - 1) > 1e-6:
            raise RecipeError(
                f"the shares train + validation + test come to {total:.6g}, not to 1",
                hint="change one, or leave one out: it takes the rest",
                where="split",
            )
        if len(given) == 2 and total >= 1:
            raise RecipeError(
                f"two shares come to {total:.6g} and leave no row for the third part",
                hint="let them come to less than 1",
                where="split",
            )

    def _check_rows(self) -> None:
        if self.names_rows and self.method not in {"auto", "rows"}:
            raise RecipeError(
                f"method = {self.method!r} and official row numbers exclude each other",
                hint='use method = "rows", or leave the row numbers out',
                where="split",
            )
        if not (self.train_rows or self.test_rows) and (self.method == "rows" or self.validation_rows):
            raise RecipeError(
                "the official rows of neither training nor test are given",
                hint='give train_rows or test_rows, e.g. test_rows = "last 51630"',
                where="split",
            )
