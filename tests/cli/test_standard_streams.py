"""Pipes whose readers go, streams that are closed or full, narrow places, and Ctrl-C."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

Shell = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A device on which there is never any room."""
    path = tmp_path / "full"
    try:
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 7))
        path.open("wb").close()
    except OSError:
        pytest.skip("devices can be made by the system's administrator only")
    return path


@pytest.mark.parametrize(
    "line",
    [
        "$assay inspect data.csv --all | head -1",
        "$assay --help | head -2",
        "$assay inspect data.csv --json | head -1",
        "$assay predict study data.csv --out - | head -1",
        "$assay inspect data.csv | true",
        "$assay inspect data.csv --report p.html 2>&1 >out.txt | true",
    ],
)
def test_a_pipe_whose_reader_goes_ends_quietly(shell: Shell, folder: Path, line: str) -> None:
    done = shell(line, folder)
    assert (done.returncode, done.stderr) == (0, "")


def test_closed_streams_are_no_fault(shell: Shell, folder: Path) -> None:
    for line in ("$assay inspect data.csv >&-", "$assay inspect data.csv 2>&-", "$assay --version >&- 2>&-"):
        done = shell(line, folder)
        assert (done.returncode, done.stderr) == (0, ""), line


def test_a_run_goes_on_when_nobody_reads_its_remarks(shell: Shell, folder: Path, tmp_path: Path) -> None:
    words = f"run {folder / 'data.csv'} -t won -o study --set training.epochs=2"
    done = shell(f"$assay {words} 2>&1 >out.txt | head -1", tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("read ")
    assert (tmp_path / "study" / "bundle" / "bundle.json").exists()
    assert "assay test study" in (tmp_path / "out.txt").read_text()


def test_predictions_on_standard_output_and_into_a_pipe(shell: Shell, folder: Path, tmp_path: Path) -> None:
    done = shell("$assay predict study data.csv --out -", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert pl.read_csv(done.stdout.encode()).height == 200
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    piped = shell(f"cat {pipe} & $assay predict study data.csv --out {pipe} && wait", folder)
    assert (piped.returncode, piped.stdout) == (0, done.stdout)
    assert pipe.is_fifo()


def test_a_full_device_is_one_line_and_exit_status_2(shell: Shell, folder: Path, full: Path) -> None:
    lines = ("inspect data.csv >F", "predict study data.csv --out - >F", "predict study data.csv --out F")
    for line in (*lines, "inspect data.csv --report F >out.txt", "--help >F"):
        done = shell(f"$assay {line.replace('F', str(full))}", folder)
        assert done.returncode == 2, line
        assert done.stderr.endswith("No space left on device\n")
        assert done.stderr.count("\n") == 1
    assert shell(f"$assay inspect none.csv 2>{full}", folder).returncode == 2
    assert full.is_char_device()


def test_a_full_disk_leaves_nothing(shell: Shell, folder: Path, tmp_path: Path) -> None:
    for out in ("p.csv", "p.parquet"):
        line = f"ulimit -f 1; $assay predict {folder / 'study'} {folder / 'data.csv'} --out {out}"
        done = shell(line, tmp_path, PYTHONDONTWRITEBYTECODE="1")
        assert (done.returncode, done.stderr) == (2, f"assay: {out}: cannot be written: File too large\n")
        assert list(tmp_path.iterdir()) == []


def start(command: Callable[..., list[str]], folder: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    given = ("run", folder / "data.csv", "-t", "won", "-o", out, "--set", "training.patience=100000")
    return subprocess.Popen(
        command(*given, "--set", "training.epochs=100000", *more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_an_interrupted_training_says_how_to_go_on(
    command: Callable[..., list[str]], folder: Path, tmp_path: Path, more: tuple[str, ...]
) -> None:
    process = start(command, folder, tmp_path / "study", *more)
    history = tmp_path / "study" / "runs" / "001" / "history.jsonl"
    while process.poll() is None and not (history.exists() and history.stat().st_size):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, remarks = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "the same command with --resume goes on" in (remarks if more else out)
    assert "interrupted" in remarks
    if more:
        assert json.loads(out)["metrics"]["stopped"] == "interrupted"


def test_an_interrupt_before_the_training_is_one_line_and_130(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    os.mkfifo(data)
    words = [sys.executable, "-m", "assay.cli", "inspect", data]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    writer = None
    while writer is None and process.poll() is None:
        time.sleep(0.02)
        with suppress(OSError):  # nobody reads yet
            writer = os.open(data, os.O_WRONLY | os.O_NONBLOCK)
    process.send_signal(signal.SIGINT)  # while the command waits for the rows
    if writer is not None:
        os.close(writer)
    out, remarks = process.communicate(timeout=60)
    assert (process.returncode, out, remarks) == (130, "", "assay: interrupted\n")
