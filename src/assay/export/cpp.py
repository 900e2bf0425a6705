"""The C++ program: a CMake project and a Makefile that build it, and what building it takes."""

from __future__ import annotations

import atexit
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from importlib.resources import files as resources
from importlib.util import find_spec
from pathlib import Path

from assay.bundle.bundle import Bundle
from assay.core.errors import AssayError, MissingPartError
from assay.data.images.schema import ImageSchema
from assay.export import files
from assay.export.compiler import HINT, find_compiler, missing_compiler

PROGRAM = "predict"
_ROWS_FILES = ("rows.csv", "images.npy")
_ENDINGS = (".cpp", ".hpp", ".txt", ".md")
_MOST_LINES = 3  # of what a compiler says


def write_project(bundle: Bundle, folder: Path) -> None:
    """Write `cpp/`: the same program for every bundle, since it reads schema.json when it starts.

    Args:
        bundle: whose rows the README's example is for.
        folder: the exported folder, which holds or will hold schema.json and the networks.
    """
    place = folder / files.CPP
    place.mkdir()
    for source in (resources("assay.export") / "templates" / "cpp").iterdir():
        if source.name == "Makefile" or source.name.endswith(_ENDINGS):
            (place / source.name).write_bytes(source.read_bytes())
    readme = place / "README.md"
    rows = _ROWS_FILES[isinstance(bundle.schema, ImageSchema)]
    readme.write_text(readme.read_text(encoding="utf-8").replace(_ROWS_FILES[0], rows), encoding="utf-8")


def built_program(project: Path) -> Path:
    """The program of a project, built outside it, once for each content; it goes away with this process.

    Args:
        project: a folder that `write_project` wrote.

    Raises:
        MissingPartError: there is no C++ compiler.
        AssayError: it does not build; says what the compiler said.
    """
    if problem := missing_compiler():
        raise MissingPartError(f"the C++ program cannot be built: {problem}", hint=HINT, where=str(project))
    return _built(project, _content_hash(project))


_programs: dict[str, Path] = {}


def _built(project: Path, content: str) -> Path:
    program = _programs.get(content)
    if program is None or not program.exists():
        program = _programs[content] = _build(project, _shelf() / content)
    return program


def _content_hash(project: Path) -> str:
    content = hashlib.sha256()
    for source in sorted(path for path in project.iterdir() if path.suffix != ".md"):
        content.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return content.hexdigest()[:16]


@cache
def _shelf() -> Path:
    """A folder for what this process builds."""
    folder = Path(tempfile.mkdtemp(prefix="assay-cpp-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _build(project: Path, place: Path) -> Path:
    shutil.copytree(project, place, dirs_exist_ok=True)
    try:
        done = subprocess.run(
            _command(), cwd=place, capture_output=True, text=True, errors="replace", check=False
        )
    except OSError as error:
        raise AssayError(f"the C++ program cannot be built: {error}", where=str(project)) from error
    if done.returncode:
        lines = [
            line for line in done.stderr.splitlines() if "error" in line.lower()
        ] or done.stderr.splitlines()
        said = "; ".join(lines[:_MOST_LINES]) or f"exit status {done.returncode}"
        raise AssayError(
            f"the C++ program does not build: {said}",
            hint="it needs a compiler for C++20 (g++ 10, clang 12 or newer), or leave cpp out with --to",
            where=str(project),
        )
    return place / PROGRAM


def _command() -> list[str]:
    """`make`, as the README says; without make, what it would run, in one line."""
    compiler, torch = str(find_compiler()), torch_folder()
    if make := shutil.which("make"):
        jobs = str(os.cpu_count() or 1)
        return [
            make,
            "-j",
            jobs,
            PROGRAM,
            f"CXX={compiler}",
            f"PYTHON={sys.executable}",
            f"TORCH_DIR={torch}",
        ]
    include, library = torch / "include", torch / "lib"
    linking = ["-Wl,--unresolved-symbols=ignore-in-shared-libs", "-Wl,--disable-new-dtags"]
    linking = linking if sys.platform == "linux" else []
    line = (
        f"exec {_quoted(compiler)} -std=c++20 -O2 -pthread -isystem {_quoted(include)} "
        f"-isystem {_quoted(include / 'torch/csrc/api/include')} *.cpp -o {PROGRAM} -L{_quoted(library)} "
        f"-Wl,-rpath,{_quoted(library)} {' '.join(linking)} -ltorch_cpu -lc10"
    )
    return ["sh", "-c", line]


def _quoted(text: object) -> str:
    return shlex.quote(str(text))


def torch_folder() -> Path:
    """Where the installed torch keeps `include` and `lib`; torch itself is not loaded."""
    spec = find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        raise MissingPartError("torch is not installed", hint="pip install torch")
    return Path(next(iter(spec.submodule_search_locations)))
