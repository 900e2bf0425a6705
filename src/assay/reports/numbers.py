"""Numbers as a person reads them."""

from __future__ import annotations

import math
from typing import Any, TypeGuard

NOTHING = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
_NAMES = {
    "accuracy": "Accuracy",
    "balanced_accuracy": "Balanced accuracy",
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "roc_auc": "ROC AUC",
    "log_loss": "Log-loss",
    "brier": "Brier score",
    "calibration_error": "Calibration error",
    "rmse": "RMSE",
    "mae": "MAE",
    "r2": "R²",
}
_LOWER_IS_BETTER = {"log_loss", "brier", "calibration_error", "rmse", "mae"}


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether `value` is a number that can be drawn: no truth value, finite, sums of a few stay finite."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def number(value: Any, digits: int = 4) -> str:
    """A whole number with commas, any other with four significant digits; a dash for what is no number.

    Floats get commas from 10,000 on only, so that the years in a column of numbers stay years.
    """
    if not is_number(value):
        return NOTHING
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if not -4 <= size < 15:
        return _scientific(value, digits)
    if isinstance(value, int):
        return f"{value:,}".replace("-", MINUS)
    comma = "," if abs(value) >= 10_000 else ""
    text = f"{value:{comma}.{max(digits - 1 - size, 0)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def _scientific(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa.replace('-', MINUS)}\N{MULTIPLICATION SIGN}10{power}"


def share(value: Any) -> str:
    """A share of one as a percentage: 0.2212 is 22.1 %."""
    if not is_number(value):
        return NOTHING
    percent = 100 * value
    if 0 < percent < 0.1:
        return "< 0.1 %"
    if 99.9 < percent < 100:
        return "> 99.9 %"
    return f"{percent:.1f}".removesuffix(".0").replace("-", MINUS) + " %"


def seconds(value: Any) -> str:
    """A duration: 0.4 s, 12 s, 3 min 5 s, 2 h 10 min."""
    if not is_number(value):
        return NOTHING
    if value < 10:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def ends(interval: Any) -> str:
    """The ends of an interval, no finer than its width warrants: `0.175 to 0.191`; empty if unknown."""
    low, high = _end(interval, "low"), _end(interval, "high")
    if not (is_number(low) and is_number(high)):
        return ""
    return f"{_with_decimals(low, high - low)} to {_with_decimals(high, high - low)}"


def best(interval: Any) -> str:
    """The value of an interval, no finer than its width warrants; a dash where it is unknown."""
    value, low, high = (_end(interval, name) for name in ("value", "low", "high"))
    if is_number(value) and is_number(low) and is_number(high):
        return _with_decimals(value, high - low)
    return number(value)


def _with_decimals(value: float, width: float) -> str:
    """With as many decimals as give the width two digits (a width of 0.016 gives three)."""
    if width <= 0 or not -12 < math.log10(width) < 12:
        return number(value)
    decimals = max(1 - math.floor(math.log10(width)), 0)
    if round(value, decimals) == 0:
        return "0"
    comma = "," if abs(value) >= 10_000 else ""
    return f"{value:{comma}.{decimals}f}".replace("-", MINUS)


def _end(interval: Any, name: str) -> Any:
    return interval.get(name) if isinstance(interval, dict) else None


def metric_name(key: Any) -> str:
    """`roc_auc` is ROC AUC; a metric that is not known keeps its name."""
    return _NAMES.get(str(key), str(key).replace("_", " "))


def better(key: Any) -> str:
    """Which way a metric gets better."""
    return "lower is better" if str(key) in _LOWER_IS_BETTER else "higher is better"


def error_name(metric: Any) -> str:
    """What the error of a diagnosis is made of: RMSE as it is, accuracy as 1 - accuracy."""
    name = metric_name(metric)
    if str(metric) in _LOWER_IS_BETTER:
        return name
    name = name if name[:2].isupper() or name == "F1" else name.lower()
    return f"1\N{NO-BREAK SPACE}{MINUS}\N{NO-BREAK SPACE}{name}"
