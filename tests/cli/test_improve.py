"""`assay improve`."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def study(folder: Path, tmp_path: Path) -> Path:
    """A finished study of its own."""
    return Path(shutil.copytree(folder / "study", tmp_path / "study"))


def test_a_round_is_told_and_written(assay: Command, study: Path) -> None:
    done = assay("improve", study, "--rounds", 1, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["study"] == str(study)
    lines = [json.loads(line) for line in (study / "ledger.jsonl").read_text().splitlines()]
    assert {line["round"] for line in lines} == {1}
    for step in ("round", "try", "end"):
        assert any(line.startswith(step) for line in done.stderr.splitlines()), step
    kept = [line["run"] for line in lines if line["kept"]]
    assert document["metrics"]["run"] == (kept or ["001"])[0]


def test_the_goal_ends_it_before_anything_is_trained(assay: Command, study: Path) -> None:
    done = assay("improve", study, "--goal", "accuracy=0.01")
    assert done.returncode == 0, done.stderr
    assert "the goal is met: accuracy at least 0.01" in done.stderr
    assert (study / "ledger.jsonl").read_text() == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--goal", "rmse=1"), "rmse"),
        (("--goal", "accuracy"), "METRIC=NUMBER"),
        (("--budget", "soon"), "span of time"),
        (("--rounds", "0"), "--rounds"),
        (("--data", "none.csv"), "none.csv"),
    ],
)
def test_wrong_input_is_one_line(assay: Command, study: Path, words: tuple[str, ...], message: str) -> None:
    before = (study / "metrics.json").read_bytes()
    done = assay("improve", study, *words)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert (study / "metrics.json").read_bytes() == before


def test_a_missing_study_is_one_line(assay: Command) -> None:
    done = assay("improve", "nowhere")
    assert done.returncode == 2
    assert "no folder" in done.stderr


def test_its_help_has_an_example(assay: Command) -> None:
    assert "Example: assay improve credit" in assay("improve", "--help").stdout
