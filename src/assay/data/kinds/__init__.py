"""Finds out what columns are: kinds, roles, and the task that the target asks for."""

from assay.data.kinds.infer import AS_STATED, infer_columns, settle_kinds
from assay.data.kinds.settings import KindSettings
from assay.data.kinds.stated import fitting
from assay.data.kinds.task import infer_task, likely_task

__all__ = [
    "AS_STATED",
    "KindSettings",
    "fitting",
    "infer_columns",
    "infer_task",
    "likely_task",
    "settle_kinds",
]
