"""Metrics of predictions: numbers over all rows, never averages of batch averages."""

from assay.core.metrics.calibration import calibration_curve
from assay.core.metrics.catalogue import METRICS, check_metric, error, measure, weighted_error
from assay.core.metrics.pictures import confusion, curves, residuals

__all__ = [
    "METRICS",
    "calibration_curve",
    "check_metric",
    "confusion",
    "curves",
    "error",
    "measure",
    "residuals",
    "weighted_error",
]
