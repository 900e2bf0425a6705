"""The columns that a bundle takes, and how raw values become numbers."""

from assay.data.schema.input_column import InputColumn
from assay.data.schema.schema import Schema

__all__ = ["InputColumn", "Schema"]
