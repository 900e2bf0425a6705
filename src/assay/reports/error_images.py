"""The images of the errors' section: each with what it shows and what was said of it, in words."""

from __future__ import annotations

from typing import Any

from assay.reports.numbers import is_number, number, share
from assay.reports.thumbnails import Embedded

Record = dict[str, Any]


def image_of(one: Record, names: Record, embedded: Embedded | None) -> Record:
    """What the gallery shows of a worst row or of a suspect; empty where the rows are no images.

    Args:
        one: of `worst.rows` or `labels.suspects`.
        names: of the images, by row number.
        embedded: the thumbnails.

    Returns:
        `{"uri", "alt", "first", "second", "name", "file", "part"}`: two lines of words, the path and the name
        of the file, and "training" where that is to be told.
    """
    if not names or embedded is None:
        return {}
    row = one.get("row")
    name = str(names.get(str(row), f"row {row}"))
    first, second = _suspected(one) if "given" in one else _predicted(one)
    words = f"labelled {first}, {second}" if "given" in one else f"true {first}, {second}"
    return {
        "uri": embedded.row(row),
        "alt": f"{name}: {words}",
        "first": first,
        "second": second.replace(" %", "\N{NO-BREAK SPACE}%"),
        "name": name,
        "file": name.rsplit("/", 1)[-1],
        "part": "training" if one.get("part") == "training" else "",
    }


def pair_images(pair: Record, names: Record, embedded: Embedded | None) -> list[Record]:
    """Examples of a class taken for another one: `{"uri", "alt"}`."""
    if not names or embedded is None:
        return []
    words = f"{pair.get('truth')} taken for {pair.get('predicted')}"
    found = [
        {"uri": embedded.row(row), "alt": f"{names.get(str(row), row)}: {words}"}
        for row in pair.get("examples") or []
    ]
    return [one for one in found if one["uri"]]


def _predicted(one: Record) -> tuple[str, str]:
    sure = one.get("probability")
    if is_number(sure):
        return str(one.get("truth")), f"predicted {one.get('predicted')}, {share(sure)}"
    return number(one.get("truth")), f"predicted {number(one.get('predicted'))}"


def _suspected(one: Record) -> tuple[str, str]:
    given, suggested, score = one.get("given"), one.get("suggested"), one.get("score")
    if is_number(given):
        return number(given), f"expected {number(suggested)}, {number(score, 3)} standard deviations off"
    return str(given), f"looks like {suggested}; {share(score)} for the label"
