"""The command in a process of its own, and a finished study."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def command() -> Callable[..., list[str]]:
    """Makes the words that start the command."""
    return lambda *given: [sys.executable, "-W", "error", "-m", "assay.cli", *map(str, given)]


@pytest.fixture(scope="session")
def assay(command: Callable[..., list[str]]) -> Command:
    """Runs the command to its end; keywords are variables of its environment."""

    def run(*given: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*given),
            capture_output=True,
            text=True,
            env=os.environ | environment,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def shell(command: Callable[..., list[str]]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a line of bash in which `$assay` is the command; status 1 or more of any part is the line's."""

    def run(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        start = f'set -o pipefail; assay="{" ".join(command())}"; {line}'
        return subprocess.run(
            ["bash", "-c", start],
            capture_output=True,
            text=True,
            cwd=folder,
            env=os.environ | environment,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, assay: Command) -> Path:
    """A folder with data.csv and a finished study."""
    folder = tmp_path_factory.mktemp("cli")
    random = np.random.default_rng(0)
    a, b = random.normal(size=200), random.normal(size=200)
    pl.DataFrame({"a": a, "b": b, "won": np.where(a + b > 0, "yes", "no")}).write_csv(folder / "data.csv")
    once = ("--set", "training.epochs=3", "--rounds", 0)
    done = assay("run", folder / "data.csv", "--target", "won", "--out", folder / "study", *once)
    assert done.returncode == 0, done.stderr
    return folder
