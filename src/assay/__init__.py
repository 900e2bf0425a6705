"""Assay: from a data file to a prepared, trained, diagnosed and deployed PyTorch network."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Public name -> where it lives. Loaded on first use, so that `import assay` costs nothing.
_HOMES = {
    "AssayError": "assay.core.errors",
    "Bundle": "assay.bundle.bundle",
    "Predictions": "assay.core.predictions",
    "Preparation": "assay.data.preparation",
    "Recipe": "assay.study.recipe",
    "Study": "assay.study.study",
    "Table": "assay.data.table",
    "audit": "assay.diagnosis.leaks",
    "diagnose": "assay.diagnosis.diagnose",
    "fit": "assay.training.fit",
    "inspect": "assay.data.inspection",
    "load": "assay.bundle.bundle",
    "networks": "assay.networks",
    "read": "assay.data.reading",
    "run": "assay.study.run",
    "shapes": "assay.networks.shapes",
    "split": "assay.data.split",
}

__all__ = [*sorted(_HOMES), "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'assay' has no attribute {name!r}; it has: {', '.join(__all__)}")
    module = import_module(_HOMES[name])
    return module if name == "networks" else getattr(module, name)


def __dir__() -> list[str]:
    return list(__all__)
