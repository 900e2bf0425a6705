"""What the accuracy benchmarks share: choices from the command line, and means over seeds."""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def print_means(names: Sequence[str], rows: Sequence[Sequence[float]], digits: int) -> None:
    """Mean and deviation of each column over the seeds, of which each has a row."""
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        mean, spread = statistics.mean(column), statistics.stdev(column) if len(column) > 1 else 0.0
        print(f"{name}: mean {mean:.{digits}f}, deviation {spread:.{digits}f}, n = {len(column)} seeds")


def asked(description: str | None) -> argparse.Namespace:
    """`seeds`, `data` and `set`: ``--set network.kind=tabm --set network.hidden=[128,128]``."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--data", type=Path)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        type=_choice,
        metavar="NAME=VALUE",
        help="a setting of the recipe, the value as JSON or plain text",
    )
    return parser.parse_args()


def _choice(text: str) -> tuple[str, Any]:
    name, found, value = text.partition("=")
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} has no =")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value
