"""What is worth saying about rows, and about columns beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.core.finding import Finding
from assay.data.column import Role
from assay.data.inspection.profile import Profile
from assay.data.inspection.repeated_columns import Repeat
from assay.data.inspection.repeated_rows import RepeatedRows
from assay.data.inspection.time_order import TimeOrder
from assay.data.inspection.wording import percent, rows, span

_FEW = 500
_DROP = "drop one of the two (--ignore): the network learns nothing from a copy"
_NO_ECHO = 0.1  # agreement of neighbours below which they say nothing about each other
_SURVEY = 10  # different values in each feature, at most: equal rows come up by themselves


def row_findings(
    num_rows: int, profiles: Sequence[Profile], repeated: RepeatedRows, time: TimeOrder | None
) -> Iterator[Finding]:
    """Repeated rows, their order in time, their number."""
    if time is not None:
        yield _ordered(time) if time.is_ordered else _unordered(time)
    if repeated.repeats:
        yield _repeats(num_rows, profiles, repeated)
    if repeated.conflicts:
        yield _conflicts(num_rows, repeated)
    if num_rows < _FEW:
        yield _few(num_rows)


def _ordered(time: TimeOrder) -> Finding:
    step = f", one every {span(time.step_seconds)}" if time.step_seconds else ""
    echo = ""
    advice = (
        "split by time (the default where every row is in order, else --split time): a random split "
        "trains on the neighbours of every row that it tests, and promises what the future doesn't keep"
    )
    if time.echo is not None:
        echo = f"; a row's target agrees with the row before by {time.echo:.2f} (0 chance, 1 always)"
        if abs(time.echo) < _NO_ECHO:
            echo += ", so neighbours give little away"
            advice = (
                "split by time to learn how well later rows are predicted (the default where every row is in "
                "order, else --split time)"
            )
    message = f"the rows stand in the order of {time.column!r} ({time.first} to {time.last}{step}){echo}"
    return Finding("A203", time.column, message, advice)


def _unordered(time: TimeOrder) -> Finding:
    message = f"{time.column!r} runs from {time.first} to {time.last}, and the rows are not in its order"
    advice = "to predict later rows from earlier ones, name it as the time column (--time-column)"
    return Finding("A204", time.column, message, advice)


def _repeats(num_rows: int, profiles: Sequence[Profile], repeated: RepeatedRows) -> Finding:
    share = percent(repeated.repeats / num_rows)
    verb = "repeats" if repeated.repeats == 1 else "repeat"
    message = f"{rows(repeated.repeats)} ({share}) {verb} an earlier row in full"
    features = [profile.values.unique for profile in profiles if profile.column.role is Role.FEATURE]
    if max(features, default=0) <= _SURVEY:
        advice = "each column has few different values, so equal rows are expected: keep them"
    else:
        advice = "drop copies before the split, or the same row trains and tests"
    return Finding("A201", None, message, advice)


def _conflicts(num_rows: int, repeated: RepeatedRows) -> Finding:
    share = percent(repeated.conflicts / num_rows)
    message = f"{rows(repeated.conflicts)} ({share}) have the features of another row and a different target"
    if repeated.unavoidable:
        least = percent(repeated.unavoidable / num_rows)
        verb = "comes" if repeated.unavoidable == 1 else "come"
        message += f"; at least {repeated.unavoidable:,} ({least}) {verb} out wrong with any model"
    return Finding("A202", None, message, "look for wrong labels, and for a feature that tells them apart")


def _few(num_rows: int) -> Finding:
    fifth = max(num_rows // 5, 1)
    margin = 1.96 * (0.25 / fifth) ** 0.5
    message = (
        f"{rows(num_rows)}: a fifth of them, {fifth}, tells an accuracy near 50 % "
        f"to +- {100 * margin:.0f} points at best"
    )
    advice = "read intervals, not points; repeat with other seeds; get more rows"
    return Finding("A205", None, message, advice)


def repeat_findings(repeats: Sequence[Repeat]) -> Iterator[Finding]:
    """Columns that repeat an earlier one."""
    for repeat in repeats:
        first, second = repr(repeat.first), repr(repeat.second)
        if repeat.how == "equal":
            yield Finding("A301", repeat.second, f"{second} equals {first} in every row", _DROP)
        elif repeat.how == "scaled":
            message = f"{second} is {first} in another unit, or nearly (r = {repeat.r:.5f})"
            yield Finding("A302", repeat.second, message, _DROP)
        else:
            message = f"{second} and {first} name the same categories, each value of one for one of the other"
            yield Finding("A303", repeat.second, message, _DROP)
