"""The workshop's file on checkpoints runs, and gets what it speaks of."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jupytext
import pytest

WORKSHOP = Path(__file__).resolve().parents[2] / "workshop"
NAME = "18_checkpoint.py"

Run = Callable[[], dict[str, Any]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the file: its names, and what it printed as `printed`."""
    monkeypatch.syspath_prepend(str(WORKSHOP))

    def run_file() -> dict[str, Any]:
        names = runpy.run_path(str(WORKSHOP / NAME))
        printed = capsys.readouterr().out
        summary = printed.strip().splitlines()[-1]
        assert summary.startswith("course: ")
        assert " | Assay" in summary
        return names | {"printed": printed}

    return run_file


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


def test_on_the_real_clients(run: Run, shared_data: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("ASSAY_DATA", str(shared_data))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    names = run()
    assert names["is_real"]
    holds(names)
    assert len(names["train"][0]) == 18_000
    assert names["rest"].history[-1]["validation_accuracy"] > 0.78


def test_without_the_data_it_runs_on_made_up_rows(run: Run, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.delenv("ASSAY_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    names = run()
    assert not names["is_real"]
    assert "not on this machine, so the rows are made up" in names["printed"]
    holds(names)


def test_it_opens_as_a_notebook() -> None:
    notebook = jupytext.reads((WORKSHOP / NAME).read_text(encoding="utf-8"), fmt="py:percent")
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds[0] == "markdown"
    assert notebook.cells[0].source.startswith("# 18. ")
    assert kinds.count("code") >= 3
