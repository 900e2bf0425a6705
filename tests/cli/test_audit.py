"""`assay audit` as a user types it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """train.csv and test.csv, whose first 20 rows stand in training, and predictions of it."""
    folder = tmp_path_factory.mktemp("audit")
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(rng.normal(size=(400, 4)), schema=list("abcd"))
    frame = frame.with_columns(
        won=pl.when(frame["a"] + rng.normal(size=400) > 0).then(pl.lit("yes")).otherwise(pl.lit("no"))
    )
    test = frame[300:]
    pl.concat([frame[:300], test[:20]]).write_csv(folder / "train.csv")
    test.write_csv(folder / "test.csv")
    test.select(prediction="won", probability=pl.lit(0.5)).write_csv(folder / "right.csv")
    return folder


def words(files: Path, *more: object) -> list[object]:
    return ["audit", "--train", files / "train.csv", "--test", files / "test.csv", "--target", "won", *more]


def test_it_says_what_leaks(assay: Command, files: Path) -> None:
    done = assay(*words(files))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "L101 serious: rows that also stand in training" in done.stdout
    assert "20 of 100 test rows (20.0 %)" in done.stdout


def test_json_is_one_document(assay: Command, files: Path) -> None:
    done = assay(
        *words(files, "--json", "--predictions", files / "right.csv", "--validation", files / "test.csv")
    )
    record = json.loads(done.stdout)
    leaks = {(leak["code"], leak["part"]): leak for leak in record["leaks"]}
    assert leaks["L101", "test"]["rows"] == list(range(1, 21))
    assert leaks["L101", "test"]["inflation"] == 0.0
    assert record["scores"]["test"]["accuracy"] == 1.0


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--target", "wun"], "did you mean 'won'"),
        (["--test", "none.csv"], "none.csv"),
        (["--test", "."], "the test rows: '.' is a folder"),
        (["--test", "/dev/null"], "is a pipe or a device"),
        (["--predictions", "/dev/null"], "is a pipe or a device"),
        (["--ignore", "e"], "no column 'e'"),
        (["--predictions", "TEST"], "no column 'prediction'"),
        (["--validation", "RIGHT"], "right.csv: the validation rows have no column 'won'"),
        (["--set", "training.epochs=3"], "not about reading"),
    ],
)
def test_wrong_input_gets_one_line(assay: Command, files: Path, more: list[str], message: str) -> None:
    places = {"TEST": files / "test.csv", "RIGHT": files / "right.csv"}
    done = assay(*words(files), *(places.get(word, word) for word in more))
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_help_says_what_the_exit_status_means(assay: Command) -> None:
    assert "exit status is 0 also when leaks are found" in " ".join(assay("audit", "--help").stdout.split())
