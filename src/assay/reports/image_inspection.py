"""What the page of an image inspection shows, made from its record and its contact sheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assay.reports.column_card import column_card
from assay.reports.contact_sheet import ContactSheet
from assay.reports.findings import finding_groups
from assay.reports.numbers import is_number, number, share

Record = dict[str, Any]

_MOST_GROUPS = 24  # of copies
_MOST_OF_GROUP = 6
_HIDDEN_FACTS = {"frames"}
_TITLES = {
    "border_contrast": "contrast along the border",
    "aspect": "width : height",
    "bytes": "length in bytes",
}


def image_values(record: Record, sheet: ContactSheet) -> Record:
    """The values of the template."""
    images = record.get("images") or {}
    rows = record.get("rows")
    return {
        "inspection": record,
        "images": images,
        "findings": finding_groups(record.get("findings") or []),
        "classes": _classes(record, images, sheet),
        "copies": [_copies(group, sheet) for group in (images.get("copies") or [])[:_MOST_GROUPS]],
        "more_copies": max(_num_groups(images) - _MOST_GROUPS, 0),
        "copied": _copied(images),
        "odd": [_odd(end, sheet) for end in images.get("odd") or []] if sheet.thumbnails else [],
        "facts": [_fact(fact, rows) for fact in images.get("facts") or [] if _is_shown(fact)],
        "constant": [_constant(fact) for fact in images.get("facts") or [] if _is_constant(fact)],
        "channels": _channels(images),
        "seen_at": _seen_at(images),
        "files": _files(images),
        "size": _size(images),
        "columns": [column_card(column, rows) for column in _other_columns(record)],
        "has_averages": bool(sheet.averages),
    }


def _classes(record: Record, images: Record, sheet: ContactSheet) -> list[Record]:
    """One row of the contact sheet a class: its bar, its average, some of its images."""
    counted = record.get("classes") or {"": {"count": record.get("rows"), "share": None}}
    most = max((one.get("count") or 0 for one in counted.values()), default=0) or 1
    samples = images.get("samples") or {}
    return [
        {
            "name": label,
            "count": number(one.get("count")),
            "share": share(one.get("share")) if is_number(one.get("share")) else "",
            "of_most": (one.get("count") or 0) / most,
            "average": sheet.averages.get(label, ""),
            "images": _images(
                samples.get(label) or [], sheet, f"an image of {label}" if label else "an image"
            ),
        }
        for label, one in counted.items()
    ]


def _copies(group: Record, sheet: ContactSheet) -> Record:
    """A group of images that show the same."""
    rows = (group.get("rows") or [])[:_MOST_OF_GROUP]
    names, labels, parts = (group.get(key) or [] for key in ("names", "labels", "parts"))
    shown = [
        {
            "uri": sheet.thumbnails.get(row, ""),
            "name": str(_at(names, place)),
            "words": ", ".join(str(word) for word in (_at(labels, place), _at(parts, place)) if word),
        }
        for place, row in enumerate(rows)
    ]
    how = (
        "equal pixels" if group.get("exact") else f"near copies, likeness {number(group.get('likeness'), 3)}"
    )
    count = group.get("count") or len(rows)
    return {
        "images": shown,
        "how": how + (", mirrored" if group.get("mirrored") else ""),
        "more": max(count - len(rows), 0),
        "conflict": len(set(labels)) > 1,
        "across": len({part for part in parts if part}) > 1,
    }


def _odd(end: Record, sheet: ContactSheet) -> Record:
    values = end.get("values") or []
    spread = f"{number(values[0], 2)} to {number(values[-1], 2)}" if values else ""
    shown = _images(end.get("rows") or [], sheet, f"one of the {end.get('title')} images")
    return {"title": end.get("title"), "fact": end.get("fact"), "spread": spread, "images": shown}


def _images(rows: Iterable[int], sheet: ContactSheet, words: str) -> list[Record]:
    return [
        {"uri": sheet.thumbnails[row], "alt": f"{words} (row {row + 1})"}
        for row in rows
        if row in sheet.thumbnails
    ]


def _fact(fact: Record, rows: Any) -> Record:
    name = str(fact.get("name"))
    return column_card({**fact, "name": _TITLES.get(name, name)}, rows)


def _is_constant(fact: Record) -> bool:
    return fact.get("unique") == 1 and fact.get("name") not in _HIDDEN_FACTS


def _is_shown(fact: Record) -> bool:
    return fact.get("unique") != 1 and fact.get("name") not in _HIDDEN_FACTS


def _constant(fact: Record) -> str:
    """`width 227`."""
    name, value = str(fact.get("name")), fact.get("min")
    if value is None:
        return f"{_TITLES.get(name, name)} alike"
    return f"{_TITLES.get(name, name)} {number(value, 3)}"


def _channels(images: Record) -> list[Record]:
    means, stds = images.get("mean") or [], images.get("std") or []
    names = ("grey",) if len(means) == 1 else ("red", "green", "blue")
    return [
        {"name": name, "mean": mean, "std": std} for name, mean, std in zip(names, means, stds, strict=False)
    ]


def _seen_at(images: Record) -> str:
    """`227 x 227`, width first as sizes of images are said."""
    shape = images.get("shape") or {}
    return f"{shape.get('width')} \N{MULTIPLICATION SIGN} {shape.get('height')}"


def _size(images: Record) -> str:
    sizes = images.get("sizes") or {}
    width, height = sizes.get("width") or {}, sizes.get("height") or {}
    times = "\N{MULTIPLICATION SIGN}"
    if sizes.get("different") == 1:
        return f"all {width.get('min')} {times} {height.get('min')}"
    dash = "\N{EN DASH}"
    return (
        f"{width.get('min')}{dash}{width.get('max')} wide, {height.get('min')}{dash}{height.get('max')} high"
    )


def _files(images: Record) -> str:
    formats = [name for name in images.get("formats") or {} if name]
    modes = list(images.get("modes") or {})
    return ", ".join([*formats, *modes])


def _num_groups(images: Record) -> int:
    near, exact = images.get("near_duplicates") or {}, images.get("exact_copies") or {}
    return (near.get("groups") or 0) + (exact.get("groups") or 0)


def _copied(images: Record) -> Record:
    near, exact = images.get("near_duplicates") or {}, images.get("exact_copies") or {}
    return {
        "near": near.get("images") or 0,
        "exact": exact.get("images") or 0,
        "look_alikes": near.get("look_alikes"),
    }


def _other_columns(record: Record) -> list[Record]:
    """Columns of the table beside the image and the classes, which are shown already."""
    shown = {record.get("target")} if record.get("classes") else set()
    return [
        column
        for column in record.get("columns") or []
        if column.get("kind") != "image" and column.get("name") not in shown
    ]


def _at(values: list[Any], place: int) -> Any:
    return values[place] if place < len(values) else ""
