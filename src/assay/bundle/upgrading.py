"""Rewrites a bundle of an older format in the newest one; it answers the same afterwards, bit by bit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.bundle.bundle import load
from assay.bundle.loading import bundle_folder, read_record
from assay.bundle.saving import newest_format


@dataclass(frozen=True)
class Upgrade:
    """What came of an upgrade.

    Attributes:
        folder: of the bundle in the newest format.
        before: the format that it had.
        after: the format that it has; the same where there was nothing to do.
    """

    folder: Path
    before: int
    after: int

    @property
    def is_newer(self) -> bool:
        """Whether the format has changed."""
        return self.after > self.before

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"bundle": str(self.folder), "from": self.before, "to": self.after}


def upgrade(path: Path | str, out: Path | str | None = None) -> Upgrade:
    """Write a bundle again in the newest format, whole or not at all.

    Tensors, metrics, diagnosis and the versions of what made it stay as they are. A bundle that has the
    newest format already is left alone, or copied where `out` is given.

    Args:
        path: the bundle's folder, the study that holds it, or its bundle.json.
        out: where to write it; absent: in its own place, which holds either the old or the new one at any
            moment.

    Raises:
        BundleError: no bundle, a damaged one, one from a newer version, or a place that cannot be written.
    """
    folder = bundle_folder(Path(path)).resolve()  # where the folder is a link, what it leads to is replaced
    record = read_record(folder)
    found = Upgrade(folder if out is None else Path(out), record["format"], newest_format(record))
    bundle = load(folder)
    if found.is_newer or out is not None:
        bundle.save(found.folder)
    return found
