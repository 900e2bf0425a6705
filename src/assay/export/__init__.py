"""One network, every runtime: writes what is deployed for other runtimes, and proves that they agree."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.export.exported import Exported
    from assay.export.exporting import export

__all__ = ["Exported", "export"]

# Public name -> where it lives, so that a reader without torch can be had without loading torch.
_HOMES = {"Exported": "exported", "export": "exporting"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'assay.export' has no attribute {name!r}; it has: {', '.join(__all__)}")
    return getattr(import_module(f"assay.export.{_HOMES[name]}"), name)
