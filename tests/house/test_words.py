"""What no file of the project says. The patterns are put together so that this file doesn't say it either."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {
    "a path of one machine": "|".join(
        ["/wo" + "rk/", "/ro" + "ot/", "/tm" + "p/", "/op" + "t/(pypi|wheels)"]
    ),
    "where packages come from": "|".join(
        ["index" + "-url", "find" + "-links", "python" + "hosted", "pypi" + r"\.org"]
    ),
    "an unfinished place": "|".join(
        ["TO" + "DO", "FIX" + "ME", "XX" + "X", "raise Not" + "ImplementedError"]
    ),
    "a silenced check without a reason": r"# type: ignore\s*$|# noqa\s*$",
}


def tracked_texts() -> list[tuple[Path, str]]:
    """Every text file that is, or is about to be, part of the project."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    texts = []
    for path in (ROOT / name for name in listed.stdout.splitlines()):
        if path.is_file():
            content = path.read_bytes()
            if b"\0" not in content:
                texts.append((path, content.decode("utf-8", errors="replace")))
    return texts


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_says(what):
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    found = [
        f"{path.relative_to(ROOT)}:{text[: match.start()].count(chr(10)) + 1}: {match.group()}"
        for path, text in tracked_texts()
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_the_readme_has_no_number_left_open():
    assert "NUM" + "BER" not in (ROOT / "README.md").read_text(encoding="utf-8")


def test_no_large_file():
    large = [str(path.relative_to(ROOT)) for path, text in tracked_texts() if len(text) > 1_000_000]
    assert large == []
