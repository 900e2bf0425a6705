"""Divides the rows into training, validation and test, before anything is fitted, and seals the test."""

from assay.data.split.draw import split
from assay.data.split.record import Split
from assay.data.split.settings import SplitSettings

__all__ = ["Split", "SplitSettings", "split"]
