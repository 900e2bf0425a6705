"""The first architecture, by the field's rules of thumb."""

from __future__ import annotations

from assay.core.task import Task
from assay.networks.settings import NetworkSettings

_FEW, _MANY = 500, 100_000  # training rows


def first_network(
    num_inputs: int, num_outputs: int, num_rows: int, task: Task
) -> tuple[NetworkSettings, dict[str, str]]:
    """A network to start from, and why it looks as it does.

    The rules: inputs = features, one output for a value or one for each class, hidden units between inputs
    and outputs where rows are few, wider and more layers where they are many. The widths and dropouts for 500
    to 100,000 rows did as well as any on validation rows of the credit, energy and year data, mostly within
    noise; the others are not measured (docs/experiments.md).

    Args:
        num_inputs: columns that the preparation gives, P.
        num_outputs: values or classes, K.
        num_rows: training rows.
        task: what is asked.

    Returns:
        The settings, and the reason of each by its name (and of `inputs` and `outputs`).
    """
    hidden, width_reason = _hidden(num_inputs, num_outputs, num_rows)
    dropout, dropout_reason = _dropout(num_rows, task)
    reasons = {
        "inputs": f"as many as prepared features: {num_inputs}",
        "hidden": f"{num_rows:,} training rows: {width_reason}",
        "outputs": "one, the value" if task is Task.REGRESSION else f"one for each of {num_outputs} classes",
        "dropout": dropout_reason,
    }
    return NetworkSettings(hidden=hidden, dropout=dropout), reasons


def _hidden(num_inputs: int, num_outputs: int, num_rows: int) -> tuple[tuple[int, ...], str]:
    if num_rows < _FEW:
        width = min(32, max(4, (num_inputs + num_outputs + 1) // 2))
        return (width,), "few, so one layer, its width between inputs and outputs"
    if num_rows < _MANY:
        return (128, 128), "two wide layers; early stopping and dropout keep them from learning rows by heart"
    return (256, 256, 256), "enough for three wide layers"


def _dropout(num_rows: int, task: Task) -> tuple[float, str]:
    if num_rows >= _MANY:
        return 0.1, f"{num_rows:,} training rows are too many to learn by heart"
    if task is Task.REGRESSION and num_rows >= 5_000:
        return 0.1, "a little: more made the energy data's predictions less exact"
    return 0.2, "delays over-fitting; 0.1 to 0.3 did about as well on the credit data"
