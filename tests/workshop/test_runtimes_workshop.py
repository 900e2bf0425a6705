"""The workshop's file on runtimes runs: one raw row, the same answer everywhere."""

from collections.abc import Callable
from typing import Any

import pytest

from assay.export.compiler import missing_compiler

Run = Callable[[str], dict[str, Any]]


def holds(names: dict[str, Any]) -> None:
    """What the file claims, whatever the rows."""
    assert names["preparation"].num_outputs == 22
    assert len(names["answers"]) == (3 if missing_compiler() else 7)
    assert names["difference"] < 1e-7
    assert (
        names["traced"](-names["torch"].ones(1)).item() == 0.0
    )  # what the trace gets wrong, and says nothing
    assert names["refused"] == "GuardOnDataDependentSymNode"
    assert "TorchScript is deprecated" in names["printed"]


def test_the_courses_row_on_the_real_clients(real: Run) -> None:
    names = real("19")
    assert names["is_real"]
    assert names["client"]["PAY_AMT2"] == 0
    assert names["expected"].argmax() == 1
    holds(names)


@pytest.mark.slow
def test_without_the_data_it_runs_on_made_up_rows(made_up: Run) -> None:
    names = made_up("19")
    assert not names["is_real"]
    holds(names)
