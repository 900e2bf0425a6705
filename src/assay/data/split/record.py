"""The split as a record: row numbers, how they were drawn, and the seal's openings; saved and checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from assay.core.arrays import damaged, read_arrays, write_arrays
from assay.core.errors import BundleError
from assay.core.files import read_json, write_json

PARTS = ("train", "validation", "test")
_HELD_BACK = "train_like"
_RECORD, _ROWS = "split.json", "split.npz"


@dataclass(frozen=True, eq=False)
class Split:
    """Which rows train, validate and test.

    Attributes:
        train: int64 row numbers from 0, ascending.
        validation: the same.
        test: the same; their targets are sealed until `assay test`.
        method: random, time, group or rows.
        seed: names the draw.
        rows: how many rows the table has.
        reasons: why this method and these shares, one sentence each.
        warnings: what to bear in mind, one sentence each.
        openings: one object for each opening of the seal, oldest first.
        train_like: rows held back from training by chance, where validation went by group or time:
            the error on them tells new rows of the training kind from rows of another kind. Else empty.
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    method: str
    seed: int
    rows: int
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    openings: list[dict[str, Any]] = field(default_factory=list)
    train_like: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def sizes(self) -> dict[str, int]:
        """Rows of each part."""
        return {part: len(rows) for part, rows in self._rows().items()}

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each part's row numbers as little-endian int64."""
        return {part: rows_hash(rows) for part, rows in self._rows().items()}

    @property
    def open_rows(self) -> np.ndarray:
        """All rows but the test rows, ascending: all that anybody may look at before `assay test`."""
        return np.sort(np.concatenate([self.train, self.validation, self.train_like]))

    def _rows(self) -> dict[str, np.ndarray]:
        held_back = {_HELD_BACK: self.train_like} if len(self.train_like) else {}
        return {part: getattr(self, part) for part in PARTS} | held_back

    def to_json(self) -> dict[str, Any]:
        """The record without the row numbers, as `split.json` holds it."""
        return {
            "method": self.method,
            "seed": self.seed,
            "rows": self.rows,
            "sizes": self.sizes,
            "reasons": list(self.reasons),
            "warnings": list(self.warnings),
            "hashes": self.hashes,
            "seal": {"opened": list(self.openings)},
        }

    def save(self, folder: Path | str) -> None:
        """Write `split.npz` (row numbers) and then `split.json` into `folder`, each whole or not at all."""
        rows = {part: rows.astype("<i8") for part, rows in self._rows().items()}
        write_arrays(Path(folder) / _ROWS, rows)
        write_json(Path(folder) / _RECORD, self.to_json())

    @classmethod
    def load(cls, folder: Path | str) -> Split:
        """Read what `save` wrote.

        Raises:
            BundleError: a file is missing or damaged, or the row numbers are not those of the record.
        """
        path = Path(folder) / _RECORD
        record = read_json(path, BundleError)
        arrays = _read_rows(Path(folder) / _ROWS)
        try:
            split = cls(
                **arrays,
                method=record["method"],
                seed=int(record["seed"]),
                rows=int(record["rows"]),
                reasons=tuple(record["reasons"]),
                warnings=tuple(record["warnings"]),
                openings=list(record["seal"]["opened"]),
            )
            recorded = dict(record["hashes"])
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError("the file is not the record of a split", where=str(path)) from error
        _check_hashes(recorded, split.hashes, Path(folder))
        return split


def rows_hash(rows: np.ndarray) -> str:
    """SHA-256 of row numbers as little-endian int64, in hexadecimal digits."""
    return hashlib.sha256(np.ascontiguousarray(rows, dtype="<i8").tobytes()).hexdigest()


def _read_rows(path: Path) -> dict[str, np.ndarray]:
    arrays = read_arrays(path, "row numbers")
    try:
        parts = (*PARTS, _HELD_BACK) if _HELD_BACK in arrays else PARTS
        return {part: arrays[part].astype(np.int64) for part in parts}
    except (KeyError, ValueError) as error:
        raise damaged(path, "row numbers") from error


def _check_hashes(recorded: dict[str, Any], found: dict[str, str], folder: Path) -> None:
    changed = [part for part in PARTS if recorded.get(part) != found[part]]
    if changed:
        part = changed[0]
        raise BundleError(
            f"the {' and '.join(changed)} rows are not those that were drawn: the hash of the {part} rows is "
            f"{found[part][:12]}..., recorded is {str(recorded.get(part))[:12]}...",
            hint="restore split.json and split.npz, or run the study again",
            where=str(folder),
        )
