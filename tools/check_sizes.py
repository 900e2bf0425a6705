"""Says which files and functions are too long: a long one does two jobs.

Limits: 400 lines a file, 60 lines a function, and a median of 150 lines over the files of the package.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

FILE_LINES = 400
FUNCTION_LINES = 60
MEDIAN_LINES = 150
FOLDERS = ("src", "tests", "tools", "benchmarks", "workshop")


def problems(root: Path) -> list[str]:
    """What is over its limit in the Python files below `root`, one line each."""
    files = {path: path.read_text(encoding="utf-8") for path in sorted(python_files(root))}
    lengths = {path: text.count("\n") for path, text in files.items()}
    found = [
        f"{path.relative_to(root)}: {lines} lines, at most {FILE_LINES}"
        for path, lines in lengths.items()
        if lines > FILE_LINES
    ]
    for path, text in files.items():
        found += [f"{path.relative_to(root)}:{line}" for line in long_functions(text)]
    package = [lines for path, lines in lengths.items() if (root / "src") in path.parents]
    if package and median(package) > MEDIAN_LINES:
        found.append(f"src: the median file has {median(package):g} lines, at most {MEDIAN_LINES}")
    return found


def python_files(root: Path) -> Iterator[Path]:
    """The Python files of the project's own folders."""
    for folder in FOLDERS:
        yield from (root / folder).rglob("*.py")


def long_functions(text: str) -> Iterator[str]:
    """`LINE: NAME has N lines` for each function that is too long, decorators not counted."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{node.lineno}: {node.name} has {lines} lines, at most {FUNCTION_LINES}"


def main() -> int:
    """Print the problems; exit status 1 when there are any."""
    root = Path(__file__).resolve().parents[1]
    found = problems(root)
    for line in found:
        print(line)
    if not found:
        print(f"Sizes are kept: {sum(1 for _ in python_files(root))} files.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
