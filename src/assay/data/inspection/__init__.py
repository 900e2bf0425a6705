"""Looks at a table before anything is fitted, and says what a person should know about it."""

from assay.data.inspection.inspection import Inspection, inspect

__all__ = ["Inspection", "inspect"]
