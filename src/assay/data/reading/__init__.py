"""Reads tables: files and frames of every usual kind."""

from assay.data.reading.reader import read
from assay.data.reading.settings import ReadSettings

__all__ = ["ReadSettings", "read"]
