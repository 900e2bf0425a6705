"""How many rows would decide a verdict that these rows leave open."""

from __future__ import annotations

from assay.diagnosis.gaps import Gaps, Measured

_NORMAL = 1.96  # half-width of a 95 % interval, in standard deviations
_MOST = 100.0  # more than a hundred times the rows is no advice


def rows_that_compare(gaps: Gaps, floor: float) -> str | None:
    """The rows at which noise would no longer hide which gap is to blame, if the errors stay as they are.

    Returns:
        None when over a hundred times the rows would not do.
    """
    bias, variance = gaps.train.error - floor, gaps.validation.error - gaps.train.error
    if max(bias, variance) <= gaps.margin:  # each must lie below the margin
        return _rows(gaps, [(1.0, 0.0, gaps.margin - bias), (-1.0, 1.0, gaps.margin - variance)])
    if bias > variance:  # the larger one must lie above zero, and above the other
        return _rows(gaps, [(1.0, 0.0, bias), (2.0, -1.0, bias - variance)])
    return _rows(gaps, [(-1.0, 1.0, variance), (2.0, -1.0, variance - bias)])


def rows_that_show_variance(gaps: Gaps) -> str | None:
    """The rows at which the variance is above zero or below the margin beyond noise, whichever are fewer."""
    variance = gaps.validation.error - gaps.train.error
    return _rows(gaps, [(-1.0, 1.0, max(variance, gaps.margin - variance))])


def _rows(gaps: Gaps, questions: list[tuple[float, float, float]]) -> str | None:
    if gaps.validation.bootstrap.startswith("cluster"):
        return "more groups, since the rows of one group err alike"
    answers = [rows_needed(gaps.train, gaps.validation, *question) for question in questions]
    rows = [answer for answer in answers if answer is not None]
    if len(rows) < len(answers):
        return None
    train, validation = max(row[0] for row in rows), max(row[1] for row in rows)
    more = [f"about {_round(validation)} validation rows"] if validation > gaps.validation.num_rows else []
    more += [f"about {_round(train)} training rows"] if train > gaps.train.num_rows else []
    return f"{' and '.join(more)}, if the errors stay as they are" if more else "a few more rows"


def rows_needed(
    train: Measured, validation: Measured, on_train: float, on_validation: float, distance: float
) -> tuple[int, int] | None:
    """Training and validation rows at which a quantity's 95 % half-width falls to `distance`.

    The quantity is `on_train` * training error + `on_validation` * validation error + a constant. The squared
    noise of an error shrinks as 1 / rows. More validation rows alone if these can do it, else more of both.

    Returns:
        None when it would take more than a hundred times the rows.
    """
    aimed = (distance / _NORMAL) ** 2
    of_train = (on_train * float(train.replicates.std())) ** 2
    of_validation = (on_validation * float(validation.replicates.std())) ** 2
    if of_train + of_validation <= aimed:
        return train.num_rows, validation.num_rows
    if 0.0 < of_validation <= _MOST * (aimed - of_train):
        return train.num_rows, round(validation.num_rows * of_validation / (aimed - of_train))
    if of_train + of_validation > _MOST * aimed:
        return None
    times = (of_train + of_validation) / aimed
    return round(train.num_rows * times), round(validation.num_rows * (times if on_validation else 1.0))


def _round(rows: int) -> str:
    """Two significant digits, upwards: it is an estimate."""
    unit = 10 ** max(len(str(rows)) - 2, 0)
    return f"{-(-rows // unit) * unit:,}"
