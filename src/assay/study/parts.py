"""The parts of a table that a run may look at; the test rows are not among them."""

from __future__ import annotations

from dataclasses import dataclass

from assay.data.kinds import settle_kinds
from assay.data.reading import ReadSettings
from assay.data.split import Split
from assay.data.table import Table


@dataclass(frozen=True)
class Parts:
    """Training and validation rows, with kinds and task that the training rows alone decided.

    Attributes:
        train: the training rows.
        validation: the validation rows.
        unsealed: both, in file order: what is inspected.
    """

    train: Table
    validation: Table
    unsealed: Table

    @classmethod
    def of(cls, table: Table, split: Split, settings: ReadSettings) -> Parts:
        """Take the parts out of the table; after this, nothing in a run holds a test row."""
        settled = settle_kinds(table, split.train, settings)
        return cls(settled.take(split.train), settled.take(split.validation), settled.take(split.open_rows))
