"""Reads tables: files and frames of every usual kind."""

from assay.data.reading.reader import read, untyped
from assay.data.reading.settings import ReadSettings
from assay.data.reading.untyped import Untyped

__all__ = ["ReadSettings", "Untyped", "read", "untyped"]
