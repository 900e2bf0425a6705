"""The workshop's file on checkpoints runs, and gets what it speaks of."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[[str], dict[str, Any]]


def holds(names: dict[str, Any]) -> None:
    """What the file claims, whatever the rows."""
    assert names["is_same"]
    assert len(names["half"].history) == names["EPOCHS"] // 2
    assert names["network"].kind == "MLP"
    assert names["answers"][0] == pytest.approx(names["answers"][1], abs=1e-7)
    assert len(set(names["forgotten"])) > 1
    assert "would run code: it calls" in names["refused"]
    assert "print" in names["refused"]
    printed = names["printed"]
    assert "training mode: False" in printed
    assert "22 inputs: loaded" in printed
    assert "100 x 22 in the file and 100 x 23 in the network" in printed
    assert "this ran while loading" not in printed


def test_on_the_real_clients(real: Run) -> None:
    names = real("18")
    assert names["is_real"]
    holds(names)
    assert len(names["train"][0]) == 18_000
    assert names["rest"].history[-1]["validation_accuracy"] > 0.78


def test_without_the_data_it_runs_on_made_up_rows(made_up: Run) -> None:
    names = made_up("18")
    assert not names["is_real"]
    assert "not on this machine, so the rows are made up" in names["printed"]
    holds(names)
