"""What an export has written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Exported:
    """A folder of files, each of which was proved to answer as the bundle does.

    Attributes:
        folder: holds them.
        parity: what parity.json says.
    """

    folder: Path
    parity: dict[str, Any]

    @property
    def files(self) -> dict[str, int]:
        """Bytes by name; of a folder, of all that it holds."""
        return {
            entry.name: sum(file.stat().st_size for file in _files(entry))
            for entry in sorted(self.folder.iterdir())
        }

    @property
    def left_out(self) -> dict[str, str]:
        """What this machine could not build, and why."""
        return dict(self.parity["left_out"])

    def to_json(self) -> dict[str, Any]:
        """Plain values: parity.json with the folder and its files."""
        return {"folder": str(self.folder), "files": self.files, "parity": self.parity}


def _files(entry: Path) -> list[Path]:
    return [file for file in entry.rglob("*") if file.is_file()] if entry.is_dir() else [entry]
