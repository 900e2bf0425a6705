"""What is done to the columns before a network sees them: fitted on training rows, stored as tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.data.preparation.settings import ColumnSettings, PreparationSettings

if TYPE_CHECKING:
    from assay.data.preparation.preparation import Preparation

__all__ = ["ColumnSettings", "Preparation", "PreparationSettings"]


def __getattr__(name: str) -> Any:
    if name == "Preparation":  # needs torch, which the settings don't
        from assay.data.preparation.preparation import Preparation

        return Preparation
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
