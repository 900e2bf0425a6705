"""Importing costs little and does nothing."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ASSAY = Path(sys.executable).with_name("assay")
QUIET = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}

# Listens to what an import does to the world outside of the process. What others' libraries do is theirs.
EFFECTS = """
import json, logging, os, sys
BEFORE
effects = []
def listen(event, args):
    if event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        if args[0] != os.devnull: effects.append([event, str(args[0])])
    elif event in {"os.mkdir", "os.remove", "os.rename", "os.chdir", "os.putenv", "subprocess.Popen",
                   "os.system"} or event.startswith("socket."):
        if event not in {"socket.gethostname", "socket.__new__"}: effects.append([event, str(args)])
before = (logging.root.level, list(logging.root.handlers), os.getcwd(), dict(os.environ))
sys.addaudithook(listen)
import IMPORTED
if (logging.root.level, list(logging.root.handlers), os.getcwd(), dict(os.environ)) != before:
    effects.append(["settings", "logging, the working folder or the environment has changed"])
print(json.dumps({"effects": effects, "modules": sorted(sys.modules)}))
"""

HEAVY = {"torch", "sklearn", "pandas", "matplotlib", "scipy"}
LIGHT_ROOMS = (
    "assay.cli.main",
    "assay.core.errors",
    "assay.data.table",
    "assay.data.reading",
    "assay.data.inspection",
    "assay.data.split",
    "assay.data.catalogue",
)


def imported(module: str, before: str = "") -> dict[str, list]:
    command = [sys.executable, "-c", EFFECTS.replace("IMPORTED", module).replace("BEFORE", before)]
    done = subprocess.run(command, capture_output=True, text=True, env=QUIET, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def seconds(command: list[str | Path]) -> float:
    """Processor time of a command, the least of five: on a busy machine the clock measures its neighbours."""

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    return min(once() for _ in range(5))


def test_import_assay_has_no_effects_and_loads_no_library():
    found = imported("assay")
    assert found["effects"] == []
    assert not {name.partition(".")[0] for name in found["modules"]} & (
        HEAVY | {"numpy", "polars", "typer", "rich"}
    )


@pytest.mark.parametrize("module", LIGHT_ROOMS)
def test_light_rooms_have_no_effects_and_load_no_heavy_library(module):
    found = imported(module, before="import numpy, polars")
    assert found["effects"] == []
    assert not {name.partition(".")[0] for name in found["modules"]} & HEAVY


def test_effects_are_noticed(tmp_path, monkeypatch):
    (tmp_path / "effectful.py").write_text("import os\nos.mkdir('made')\nopen('file', 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(QUIET, "PYTHONPATH", str(tmp_path))
    assert [event for event, _ in imported("effectful")["effects"]] == ["os.mkdir", "open"]


def test_import_assay_in_a_tenth_of_a_second():
    assert seconds([sys.executable, "-c", "import assay"]) - seconds([sys.executable, "-c", ""]) < 0.1


def test_help_in_four_tenths_of_a_second_without_torch():
    assert seconds([ASSAY, "--help"]) < 0.4
    # PYTHONPROFILEIMPORTTIME lists every module on standard error
    profiled = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}
    done = subprocess.run([ASSAY, "--help"], check=True, capture_output=True, text=True, env=profiled)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in loaded
    assert not loaded & HEAVY
