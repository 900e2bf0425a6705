"""The user's predictions of the held-out rows, whatever their form, checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from assay.core.errors import DataError
from assay.core.predictions import Predictions
from assay.diagnosis.leaks.pair import Pair, counted, label_text, listed
from assay.diagnosis.leaks.sources import Part

_WHERE = "predictions"
_ROUNDING = 1e-6  # by which a probability may lie beyond 0 or 1


def given_predictions(values: Any, pair: Pair, part: Part) -> Predictions:
    """Predictions of the rows of the pair's other side.

    Args:
        values: `Predictions`; (M,) values, labels, or for two classes probabilities of the second; or (M, K)
            probabilities, classes in their order. One for each row that is compared, or for each row of the
            source, those without a target included.
        pair: whose held-out rows they are of.
        part: where these rows came from.

    Raises:
        DataError: they are not as many as the rows, of another shape or kind than the target asks for, not
            finite, no labels, no probabilities, or made for other rows.
    """
    if isinstance(values, Predictions):
        return _same(values.take(_rows(len(values), part)), pair)
    output = _array(values)
    chosen = _rows(len(output), part)
    output, rows = output[chosen], chosen + 1
    is_class = pair.task.is_classification
    if output.ndim == 2 and output.shape[1] == 1:
        output = output[:, 0]
    expected = (
        f"one column, or {len(pair.labels)} for the classes {_shown(pair)}," if is_class else "one column"
    )
    if output.ndim > 2 or (output.ndim == 2 and (not is_class or output.shape[1] != len(pair.labels))):
        columns = " x ".join(str(size) for size in output.shape[1:])
        raise DataError(f"the predictions have {columns} columns, and {expected} was expected", where=_WHERE)
    if not is_class:
        return Predictions(pair.task, pair.targets[1], _numbers(output, rows))
    probabilities = _of_labels(output, pair, rows) if output.ndim == 1 else _numbers(output, rows)
    _check_probabilities(probabilities, rows)
    return Predictions(pair.task, pair.targets[1], probabilities, pair.labels)


def _array(values: Any) -> np.ndarray:
    try:
        output = np.asarray(values)
    except (ValueError, TypeError) as error:
        raise DataError(f"the predictions are no array: {error}", where=_WHERE) from error
    if output.ndim == 0:
        raise DataError(
            f"the predictions are {output.item()!r}, and one for each row was expected", where=_WHERE
        )
    return output


def _rows(count: int, part: Part) -> np.ndarray:
    """Which of so many predictions are those of the rows that are compared."""
    num_rows = len(part.table)
    if count == num_rows:
        return np.arange(num_rows)
    places = part.table.in_source(np.arange(num_rows))
    if count == part.num_rows:
        return places
    if count == len(part.labelled):
        return np.searchsorted(part.labelled, places)
    of_file = "" if part.num_rows == num_rows else f" ({part.num_rows:,} with those that were left out)"
    raise DataError(
        f"found {counted(count, 'prediction')} for {counted(num_rows, f'{part.name} row')}{of_file}",
        hint="give one for each row, in the order of the rows; rows without a target may be left out or not",
        where=_WHERE,
    )


def _numbers(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """As float64, all finite."""
    try:
        numbers = values.astype(np.float64)
    except (ValueError, TypeError):
        numbers = np.array([_number(value) for value in values.reshape(-1).tolist()]).reshape(values.shape)
    wrong = ~np.isfinite(numbers)
    if wrong.any():
        first = int(np.flatnonzero(wrong.reshape(len(values), -1).any(axis=1))[0])
        found = values[first][wrong[first]].tolist()[0] if values.ndim > 1 else values[first]
        raise DataError(
            f"{_said(found)}, and a finite number was expected", where=f"{_WHERE}, row {rows[first]}"
        )
    return numbers


def _number(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return np.nan


def _said(value: object) -> str:
    plain = value.item() if isinstance(value, np.generic) else value
    is_missing = plain is None or (isinstance(plain, float) and np.isnan(plain))
    return "the prediction is missing" if is_missing else f"the prediction is {plain!r}"


def _of_labels(values_M: np.ndarray, pair: Pair, rows: np.ndarray) -> np.ndarray:
    """(M, K), of labels 0 and 1; of probabilities of the second class those of both."""
    numbers = {label: number for number, label in enumerate(pair.labels)}
    values = values_M.tolist()
    found = [numbers.get(label_text(value), -1) for value in values]
    wrong = [place for place, number in enumerate(found) if number < 0]
    if not wrong:
        return np.eye(len(pair.labels))[np.array(found, dtype=np.int64)]
    may_be_shares = len(pair.labels) == 2 and values_M.dtype.kind == "f"
    beyond = [place for place in wrong if not (may_be_shares and 0.0 <= values[place] <= 1.0)]
    if not beyond and values_M.min() >= 0.0 and values_M.max() <= 1.0:
        return np.column_stack([1.0 - values_M, values_M])
    first = (beyond or [int(np.flatnonzero((values_M < 0.0) | (values_M > 1.0))[0])])[0]
    shares = ", or a probability of the second," if len(pair.labels) == 2 else ""
    raise DataError(
        f"{_said(values[first])}, and one of the classes {_shown(pair)}{shares} was expected",
        where=f"{_WHERE}, row {rows[first]}",
    )


def _check_probabilities(output_MK: np.ndarray, rows: np.ndarray) -> None:
    wrong = (output_MK < -_ROUNDING) | (output_MK > 1.0 + _ROUNDING)
    if wrong.any():
        first = int(np.flatnonzero(wrong.any(axis=1))[0])
        raise DataError(
            f"{_said(output_MK[first][wrong[first]][0])}, and a probability between 0 and 1 was expected",
            where=f"{_WHERE}, row {rows[first]}",
        )


def _same(p: Predictions, pair: Pair) -> Predictions:
    """A record of predictions whose truth is that of the rows, with its classes in the pair's order."""
    if p.task is not pair.task:
        raise DataError(f"they are for {p.task}, and the target asks for {pair.task}", where=_WHERE)
    truth = pair.targets[1]
    if not pair.task.is_classification:
        differ = ~np.isclose(p.truth, truth, rtol=1e-6)
    elif set(p.labels) != set(pair.labels):
        raise DataError(
            f"they know the classes {listed(p.labels, 10)}, and the target has {_shown(pair)}", where=_WHERE
        )
    else:
        order = [p.labels.index(label) for label in pair.labels]
        if order != sorted(order):  # its threshold is one of another class
            swapped = np.argsort(order)[p.truth]
            p = replace(p, output=p.output[:, order], truth=swapped, labels=pair.labels, threshold=None)
        differ = p.truth != truth
    if differ.any():
        raise DataError(
            f"their truth differs from the target in {counted(int(differ.sum()), 'row')}",
            hint="they seem to be of other rows, or in another order",
            where=f"{_WHERE}, row {int(np.flatnonzero(differ)[0]) + 1}",
        )
    return p


def _shown(pair: Pair) -> str:
    return listed(pair.labels, 10)
