"""Choices of the recipe from the command line of a benchmark."""

from __future__ import annotations

import argparse
import json
from typing import Any


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Let the command take ``--set network.kind=tabm --set network.hidden=[128,128]``."""
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        type=_choice,
        metavar="NAME=VALUE",
        help="a setting of the recipe, the value as JSON or plain text",
    )


def _choice(text: str) -> tuple[str, Any]:
    name, found, value = text.partition("=")
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} has no =")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value
