"""The verdicts that skore's checks come to on the same predictions."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

NOTHING = "nothing found"


def skore_verdicts(python: str, folder: Path) -> dict[int, str]:
    """By number of the problem.

    Overfitting alone means high variance, underfitting alone high bias; neither is "nothing found".

    Args:
        python: an interpreter with skore.
        folder: where `suite.examine` left predictions.
    """
    script = Path(__file__).with_name("skore_side.py")
    subprocess.run([python, str(script), str(folder)], check=True)
    found = json.loads((folder / "skore.json").read_text(encoding="utf-8"))
    return {int(name.removeprefix("problem_")): _verdict(codes) for name, codes in found.items()}


def _verdict(codes: list[str]) -> str:
    match codes:
        case ["SKD001"]:
            return "high variance"
        case ["SKD002"]:
            return "high bias"
        case []:
            return NOTHING
    return "undecided"
