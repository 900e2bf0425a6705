"""The first architecture, by the field's rules of thumb."""

from __future__ import annotations

from assay.core.task import Task
from assay.networks.settings import NetworkSettings


def first_network(
    num_inputs: int, num_outputs: int, num_rows: int, task: Task
) -> tuple[NetworkSettings, dict[str, str]]:
    """A network to start from, and why it looks as it does.

    Args:
        num_inputs: columns that the preparation gives, P.
        num_outputs: values or classes, K.
        num_rows: training rows.
        task: what is asked.

    Returns:
        The settings, and the reason of each by its name (and of `inputs` and `outputs`).
    """
    hidden, reason = _hidden(num_inputs, num_outputs, num_rows)
    dropout = 0.1 if num_rows < 100_000 else 0.0
    outputs = "one, the value" if task is Task.REGRESSION else f"one for each of {num_outputs} classes"
    reasons = {
        "inputs": f"as many as prepared features: {num_inputs}",
        "hidden": reason,
        "outputs": outputs,
        "dropout": f"{num_rows:,} training rows: "
        + ("few enough to learn by heart" if dropout else "too many to learn by heart"),
    }
    return NetworkSettings(hidden=hidden, dropout=dropout), reasons


def _hidden(num_inputs: int, num_outputs: int, num_rows: int) -> tuple[tuple[int, ...], str]:
    if num_rows < 1_000:
        width = max(num_outputs, min(32, (num_inputs + num_outputs + 1) // 2), 4)
        return (width,), f"{num_rows:,} training rows: one layer, between inputs and outputs in width"
    if num_rows < 100_000:
        return (128, 128), f"{num_rows:,} training rows carry two layers wider than the {num_inputs} inputs"
    return (256, 256, 256), f"{num_rows:,} training rows carry three wide layers"
