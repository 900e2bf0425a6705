"""Every block of the README and of the documentation runs, in order, in an empty folder."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Commands that make the environment which the tests run in already.
INSTALLING = ("python3 -m venv", ". .venv/bin/activate", "pip install")


def blocks(page: str) -> list[tuple[str, str]]:
    return BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))


def needs_real_data(block: str) -> bool:
    return "assay data fetch" in block


def run(language: str, text: str, folder: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(folder),
    }
    if language == "python":
        command = [sys.executable, "-W", "error", "-c", text]
    else:
        lines = [line for line in text.splitlines() if not line.startswith(INSTALLING)]
        command = ["bash", "-euo", "pipefail", "-c", "\n".join(lines)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{text}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "page",
    ["README.md", "docs/install.md", "docs/first-steps.md", "docs/images.md", "docs/error-analysis.md"],
)
def test_blocks_run(page, tmp_path):
    found = blocks(page)
    assert found, f"{page} has no block"
    for language, text in found:
        assert language in {"bash", "python"}, f"{page}: a block of {language} is not run by anything"
        if not needs_real_data(text):
            run(language, text, tmp_path)


def test_blocks_with_real_data_run(shared_data, tmp_path, monkeypatch):
    monkeypatch.setenv("ASSAY_DATA", str(shared_data))
    found = [(language, text) for language, text in blocks("README.md") if needs_real_data(text)]
    assert found
    for language, text in found:
        run(language, text, tmp_path)


def test_make_targets_are_there():
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {name.rstrip(":") for name in re.findall(r"^[a-z-]+:", rules, re.MULTILINE)}
    for page in ("README.md", "CONTRIBUTING.md"):
        named = re.findall(r"`?make ([a-z-]+)`", (ROOT / page).read_text(encoding="utf-8"))
        named += [
            shlex.split(line)[1] for _, text in blocks(page) for line in text.splitlines() if "make " in line
        ]
        assert set(named) <= targets, f"{page} names a target that the Makefile has not"


@pytest.mark.parametrize("page", ["docs/recipe.md", "docs/data-sets.md"])
def test_recipes_are_valid(page):
    import tomllib

    from assay.study.recipe import Recipe

    found = [text for language, text in blocks(page) if language == "toml"]
    assert found
    for text in found:
        Recipe.checked(tomllib.loads(text))
