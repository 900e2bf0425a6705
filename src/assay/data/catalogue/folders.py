"""Where data sets lie: the folder that the user names, and the cache."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from assay.core.errors import MissingPartError


def given_folder() -> Path | None:
    """The folder that the environment variable ASSAY_DATA names, looked in first.

    Raises:
        MissingPartError: it names no folder.
    """
    name = os.environ.get("ASSAY_DATA", "")
    if not name:
        return None
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise MissingPartError(
            f"ASSAY_DATA names {name!r}, which is no folder", hint="name one, or unset ASSAY_DATA"
        )
    return folder


def cache_folder() -> Path:
    """Where downloads are kept: ``$XDG_CACHE_HOME/assay``, or the platform's own place for such files."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if named:
        return Path(named).expanduser() / "assay"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "assay"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "assay" / "Cache"
    return Path.home() / ".cache" / "assay"
