"""The commands as a user types them, in processes of their own."""

import errno
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def in_new_folder(assay: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, started in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return assay


def test_run_says_what_it_did_and_what_to_type_next(assay: Command, folder: Path) -> None:
    done = assay("run", folder / "data.csv", "-t", "won", "-o", folder / "s2", "--set", "training.epochs=2")
    assert done.returncode == 0
    for word in ("split", "prepare", "network", "train"):
        assert word in done.stderr
    assert "assay test" in done.stdout
    assert "validation" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_json_is_one_document_and_the_rest_goes_to_standard_error(assay: Command, folder: Path) -> None:
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


def test_test_then_predict(assay: Command, folder: Path) -> None:
    tested = assay("test", folder / "study")
    assert tested.returncode == 0
    assert "opened once" in tested.stdout
    out = folder / "predictions.csv"
    assert assay("predict", folder / "study", folder / "data.csv", "--out", out).returncode == 0
    assert pl.read_csv(out).height == 200


def test_inspect_writes_a_report(assay: Command, folder: Path) -> None:
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
        (["inspect", "DATA", "--set", "read.day_frist=true"], "did you mean 'day_first'"),
        (["inspect", "DATA", "--set", "day_first=perhaps"], "day_first = 'perhaps'"),
        (["inspect", "DATA", "--set", "training.epochs=3"], "'training.epochs' is not about reading"),
        (["inspect", "DATA", "--report", "DATA"], "is the data file, which would be lost"),
        (["inspect", "DATA", "--report", "."], "is a folder"),
        (["inspect", "DATA", "--sheet", "2"], "--sheet is for Excel files, and data.csv holds text"),
        (["run", "DATA", "--target", "won", "--out", "s", "--sheet", "2"], "--sheet is for Excel files"),
        (["predict", "STUDY", "DATA", "--out", "p.csv", "--sheet", "2"], "--sheet is for Excel files"),
        (["predict", "STUDY", "DATA", "--out", "p.csv", "--set", "decimal=;"], "decimal = ';'"),
        (["predict", "STUDY", "DATA", "--out", "p.xlsx"], "as .csv, .tsv or .parquet"),
        (["predict", "STUDY", "DATA", "--out", "BUNDLE/bundle.json"], "is in the bundle's folder"),
        (["predict", "BUNDLE", "DATA", "--out", "BUNDLE/new.csv"], "is in the bundle's folder"),
        (["predict", "STUDY", "DATA", "--out", f"{'long' * 80}.csv"], "File name too long"),
        (["run", "DATA", "--target", "won", "--out", "long" * 80], "File name too long"),
        (["diagnose", "nowhere"], "no folder"),
        (["test", "nowhere"], "no folder"),
        (["predict", "nowhere", "DATA", "--out", "p.csv"], "nowhere"),
        (["predict", "STUDY", "none.csv", "--out", "p.csv"], "none.csv"),
        (["data", "fetch", "yaer"], "did you mean 'year'"),
    ],
)
def test_wrong_input_gets_one_line_and_exit_status_2(
    in_new_folder: Command, folder: Path, tmp_path: Path, words: list[str], message: str
) -> None:
    before = (folder / "data.csv").read_bytes()
    for name, path in {"DATA": "data.csv", "STUDY": "study", "BUNDLE": "study/bundle"}.items():
        words = [re.sub(f"^{name}\\b", str(folder / path), word) for word in words]
    done = in_new_folder(*words)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert (folder / "data.csv").read_bytes() == before
    assert {path.name for path in (folder / "study" / "bundle").iterdir()} == {
        "bundle.json",
        "weights.safetensors",
    }


def test_read_settings_are_taken_with_and_without_their_section(
    assay: Command, folder: Path, tmp_path: Path
) -> None:
    data, out = tmp_path / "dates.csv", tmp_path / "p.csv"
    pl.DataFrame({"day": ["01/02/2024", "03/02/2024"] * 10, "size": ["S", "L"] * 10}).write_csv(data)
    words = ("inspect", data, "--json", "--set", 'levels.size=["S", "L"]', "--set")
    for name in ("day_first", "read.day_first"):
        done = assay(*words, f"{name}=true")
        assert done.returncode == 0, done.stderr
        kinds = {column["name"]: column["kind"] for column in json.loads(done.stdout)["columns"]}
        assert kinds == {"day": "date", "size": "ordinal"}
    pl.read_csv(folder / "data.csv").write_csv(data, separator="|")
    done = assay("predict", folder / "study", data, "--out", out, "--set", "separator=|")
    assert done.returncode == 0, done.stderr
    assert pl.read_csv(out).height == 200


@pytest.mark.parametrize(
    "words",
    [
        ["inspect"],
        ["run"],
        ["diagnose"],
        ["test"],
        ["predict"],
        ["data", "list"],
        ["data", "fetch"],
        ["demo"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_each_command_s_help_has_an_example(assay: Command, words: list[str]) -> None:
    done = assay(*words, "--help")
    assert done.returncode == 0
    assert f"Example: assay {' '.join(words)}" in done.stdout


def test_our_own_fault_is_exit_status_1_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from assay.cli import main

    def broken(words: list[str]) -> int:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(main, "_run", broken)
    monkeypatch.delenv("ASSAY_DEBUG", raising=False)
    assert main._status() == 1
    assert capsys.readouterr().err.startswith("assay: Assay's own fault: ZeroDivisionError: oops")
    monkeypatch.setenv("ASSAY_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main._status()


def test_what_the_operating_system_refuses_is_exit_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from assay.cli import main

    def refused(words: list[str]) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), "study/x")

    monkeypatch.setattr(main, "_run", refused)
    assert main._status() == 2
    assert capsys.readouterr().err == "assay: study/x: Read-only file system\n"


def test_the_help_says_every_word(assay: Command) -> None:
    shown = " ".join(assay("run", "--help", COLUMNS="200").stdout.split())
    assert "(default: 0)" in shown
    assert "(default: auto)" in shown
