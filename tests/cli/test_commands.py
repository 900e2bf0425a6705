"""The commands as a user types them, in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest


def assay(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "assay.cli", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, env=os.environ | environment, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data.csv and a finished study."""
    import numpy as np

    folder = tmp_path_factory.mktemp("cli")
    random = np.random.default_rng(0)
    a, b = random.normal(size=200), random.normal(size=200)
    pl.DataFrame({"a": a, "b": b, "won": np.where(a + b > 0, "yes", "no")}).write_csv(folder / "data.csv")
    done = assay(
        "run", folder / "data.csv", "--target", "won", "--out", folder / "study", "--set", "training.epochs=3"
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_run_says_what_it_did_and_what_to_type_next(folder: Path) -> None:
    done = assay("run", folder / "data.csv", "-t", "won", "-o", folder / "s2", "--set", "training.epochs=2")
    assert done.returncode == 0
    for word in ("split", "prepare", "network", "train"):
        assert word in done.stderr
    assert "assay test" in done.stdout
    assert "validation" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_json_is_one_document_and_everything_else_goes_to_standard_error(folder: Path) -> None:
    run = assay(
        "run", folder / "data.csv", "-t", "won", "-o", folder / "s3", "--json", "--set", "training.epochs=1"
    )
    assert json.loads(run.stdout)["metrics"]["task"] == "binary"
    inspect = assay("inspect", folder / "data.csv", "--target", "won", "--json")
    assert json.loads(inspect.stdout)["rows"] == 200
    diagnose = assay("diagnose", folder / "study", "--json")
    assert json.loads(diagnose.stdout)["verdict"]
    assert json.loads(assay("data", "list", "--json").stdout)
    assert json.loads(assay("doctor", "--json").stdout)["needed"]


def test_test_then_predict(folder: Path) -> None:
    tested = assay("test", folder / "study")
    assert tested.returncode == 0
    assert "opened once" in tested.stdout
    out = folder / "predictions.csv"
    assert assay("predict", folder / "study", folder / "data.csv", "--out", out).returncode == 0
    assert pl.read_csv(out).height == 200


def test_inspect_writes_a_report(folder: Path) -> None:
    page = folder / "inspection.html"
    assert assay("inspect", folder / "data.csv", "--report", page).returncode == 0
    assert "<html" in page.read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "none.csv", "--target", "y", "--out", "s"], "none.csv"),
        (["run", "none.toml", "--out", "s"], "no such recipe"),
        (["run"], "Missing argument"),
        (["rnu"], "No such command"),
        (["inspect", "none.csv"], "none.csv"),
        (["inspect", "DATA", "--target", "wun"], "did you mean 'won'"),
        (["inspect", "DATA", "--kind", "a"], "not NAME=VALUE"),
        (["inspect", "DATA", "--kind", "a=numbers"], "numbers"),
        (["run", "DATA", "--target", "won", "--out", "s", "--seed", "x"], "--seed"),
        (["run", "DATA", "--target", "won", "--out", "s", "--split", "kfold"], "kfold"),
        (["run", "DATA", "--target", "won", "--out", "s", "--split", "time"], "time"),
        (
            ["run", "DATA", "--target", "won", "--out", "s", "--set", "training.epoch=3"],
            "did you mean 'epochs'",
        ),
        (["run", "DATA", "--target", "won", "--out", "s", "--set", "training.epochs"], "not NAME=VALUE"),
        (["run", "DATA", "--target", "won", "--out", "s", "--metric", "rmse"], "rmse"),
        (["run", "DATA", "--target", "won", "--out", "s", "--group-column", "nobody"], "nobody"),
        (["run", "DATA", "--target", "won", "--out", "s", "--device", "cuda:99"], "cuda"),
        (["diagnose", "nowhere"], "no folder"),
        (["test", "nowhere"], "no folder"),
        (["predict", "nowhere", "DATA", "--out", "p.csv"], "nowhere"),
        (["predict", "STUDY", "none.csv", "--out", "p.csv"], "none.csv"),
        (["data", "fetch", "yaer"], "did you mean 'year'"),
    ],
)
def test_wrong_input_gets_one_line_and_exit_status_2(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    names = {"DATA": str(folder / "data.csv"), "STUDY": str(folder / "study")}
    done = assay(*(names.get(word, word) for word in words))
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_our_own_fault_is_exit_status_1_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.cli import main

    def broken() -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(main, "app", lambda **_: broken())
    monkeypatch.delenv("ASSAY_DEBUG", raising=False)
    assert main._status() == 1
