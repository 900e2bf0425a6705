"""How a file of the workshop is run by a test."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WORKSHOP = Path(__file__).resolve().parents[2] / "workshop"

Run = Callable[[str], dict[str, Any]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a file of the workshop by its number: its names, and what it printed as `printed`."""
    monkeypatch.syspath_prepend(str(WORKSHOP))
    monkeypatch.setenv("MPLBACKEND", "Agg")

    def run_file(number: str) -> dict[str, Any]:
        (path,) = WORKSHOP.glob(f"{number}_*.py")
        names = runpy.run_path(str(path))
        printed = capsys.readouterr().out
        summary = printed.strip().splitlines()[-1]
        assert summary.startswith("course: ")
        assert " | Assay" in summary
        return names | {"printed": printed}

    return run_file


@pytest.fixture
def real(run: Run, shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run` with the real data, whatever this machine's cache holds."""
    monkeypatch.setenv("ASSAY_DATA", str(shared_data))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return run


@pytest.fixture
def made_up(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run` on a machine that has no data set."""
    monkeypatch.delenv("ASSAY_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return run
