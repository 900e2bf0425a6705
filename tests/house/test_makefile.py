"""Each target makes the environment first, and only when it has to."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ("demo", "test", "test-slow", "check", "bench", "docs")


@pytest.fixture
def project(tmp_path) -> Path:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def plan(project: Path, target: str) -> str:
    """What make would do; the tests themselves may run below a make, of which this one must not know."""
    command = ["make", "--dry-run", target]
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=True, env=alone).stdout


@pytest.mark.parametrize("target", TARGETS)
def test_a_missing_environment_is_made_first(project, target):
    steps = plan(project, target).splitlines()
    assert "venv" in steps[0]
    assert "pip install" in steps[1]
    assert "--constraint constraints.txt" in steps[1]
    assert len(steps) > 3


@pytest.mark.parametrize("changed", ["pyproject.toml", "constraints.txt"])
def test_the_environment_is_renewed_when_it_is_older(project, changed):
    (project / ".venv").mkdir()
    ready = project / ".venv" / ".ready"
    ready.touch()
    now = time.time()
    for name in ("pyproject.toml", "constraints.txt"):
        os.utime(project / name, (now - 100, now - 100))
    os.utime(ready, (now - 50, now - 50))
    assert "pip install" not in plan(project, "test")
    os.utime(project / changed, (now, now))
    assert "pip install" in plan(project, "test")


def test_the_two_of_continuous_integration():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    commands = [line for line in script.read_text(encoding="utf-8").splitlines() if line.startswith("make ")]
    assert commands[0] == "make check"
    assert commands[-1] == "make test", "pytest comes last: its summary line closes the run"


def test_locked_versions_satisfy_the_ranges():
    import tomllib

    from packaging.requirements import Requirement

    lines = (project_file := ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    locked = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert len(locked) > 50, project_file
    assert not [name for name in locked if name.startswith(("nvidia", "cuda", "triton"))]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for text in [*project["dependencies"], *extras["pandas"], *extras["dev"]]:
        wanted = Requirement(text)
        if wanted.name != "assay":
            assert wanted.name.lower() in locked, f"constraints.txt has no {wanted.name}"
            assert wanted.specifier.contains(locked[wanted.name.lower()]), text
