"""Finds where the errors are, from predictions of rows that the network has not learnt from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.errors import DataError
from assay.core.metrics import check_metric
from assay.core.seeds import child_seed
from assay.diagnosis.bootstrap import error_interval
from assay.diagnosis.errors.confusion_pairs import confusion_pairs
from assay.diagnosis.errors.errors import Errors
from assay.diagnosis.errors.label_errors import find_label_errors
from assay.diagnosis.errors.row_loss import row_metric
from assay.diagnosis.errors.slices import find_slices
from assay.diagnosis.errors.worst_rows import MOST, worst_rows
from assay.diagnosis.importance import Importance, Predict, permutation_importance

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
    from assay.data.table import Table

_MEASURES = {"accuracy": "error rate", "rmse": "RMSE", "mae": "MAE"}


def find_errors(
    validation: Predictions,
    table: Table,
    *,
    train: Predictions | None = None,
    predict: Predict | None = None,
    metric: str,
    most: int = MOST,
    seed: int = 0,
    replicates: int = 1000,
) -> Errors:
    """Where a network errs: slices, worst rows, confused classes, targets that look wrong.

    Args:
        validation: predictions of the N validation rows, with their times or groups if they have any.
        table: the same rows, in the same order.
        train: predictions of training rows, to judge their labels too: out-of-fold ones by a reference model,
            or the network's own, which finds fewer.
        predict: the network's predictions of a table; with it, what each column is worth is measured too.
        metric: of the diagnosis.
        most: worst rows, and suspect targets, that are told one by one.
        seed: names every random choice.
        replicates: of the bootstraps.

    Raises:
        DataError: the table has other rows than the predictions, or there are none.
        RecipeError: the task has no such metric.
    """
    check_metric(metric, validation.task)
    _need_same_rows(table, len(validation))
    by_row = row_metric(validation, metric)
    draws = child_seed(seed, "errors")
    importance: tuple[Importance, ...] = ()
    if predict is not None:
        importance = permutation_importance(predict, table, metric, known=validation, seed=draws)
    return Errors(
        target="" if table.target is None else table.target.name,
        metric=metric,
        measure=_MEASURES[by_row],
        rows=len(validation),
        error=error_interval(validation, by_row, seed=draws, replicates=replicates),
        slices=find_slices(validation, table, metric, seed=draws, replicates=replicates),
        worst=worst_rows(validation, metric, most),
        pairs=confusion_pairs(validation, seed=draws, replicates=replicates),
        labels=find_label_errors(validation, train, most=most),
        importance=importance,
    )


def _need_same_rows(table: Table, num_rows: int) -> None:
    if len(table) != num_rows:
        raise DataError(
            f"the table has {len(table):,} rows, and there are {num_rows:,} predictions",
            hint="give the rows that were predicted, in the same order",
            where=table.name,
        )
