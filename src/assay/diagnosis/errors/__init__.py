"""Where the errors are: slices, worst rows, confused classes, targets that look wrong."""

from assay.diagnosis.errors.errors import Errors
from assay.diagnosis.errors.find import find_errors

__all__ = ["Errors", "find_errors"]
