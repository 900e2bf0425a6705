"""An inspection of images as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from assay.core.seeds import child_seed
from assay.data.inspection.codes import CODES
from assay.data.inspection.images.copies import CopyGroup

if TYPE_CHECKING:
    from assay.data.inspection.images.inspection import ImageInspection

_BROKEN = 100  # in the record; all are counted
_GROUPS = 100
_ROWS = 12  # of a group of copies
_SAMPLES = 10  # images of a class
_SAMPLED = 300  # images of all classes
_ODD = 8  # images at an end of a fact
_ENDS = (
    ("brightness", "darkest", True),
    ("brightness", "brightest", False),
    ("contrast", "palest", True),
    ("sharpness", "most blurred", True),
)


def image_record(seen: ImageInspection) -> dict[str, Any]:
    """`inspection.json` of the contract, with what is known of the images under `images`."""
    columns = [{**profile.to_json(), "alone": None} for profile in seen.profiles]
    repeats = sum(group.repeats for group in seen.copies.exact)
    mixed = seen.copies.of_other_labels(seen.labels) if seen.labels is not None else ()
    in_mixed = sum(len(group.rows) for group in mixed)
    return {
        "name": seen.name,
        "rows": seen.rows,
        "task": seen.task,
        "target": seen.target,
        "columns": columns,
        "target_summary": next((column for column in columns if column["name"] == seen.target), None),
        "classes": {
            label: {"count": count, "share": count / seen.rows} for label, count in seen.classes.items()
        },
        "findings": [
            {
                **finding.to_json(),
                "title": CODES[finding.code].title,
                "level": CODES[finding.code].level.name.lower(),
            }
            for finding in seen.findings
        ],
        "correlation": {"names": [], "matrix": []},
        "duplicates": {"rows": repeats, "share": repeats / seen.rows},
        "conflicts": {
            "rows": in_mixed,
            "share": in_mixed / seen.rows,
            "unavoidable_errors": sum(_unavoidable(group, seen.labels or ()) for group in mixed),
        },
        "time": None,
        "notes": list(seen.notes),
        "images": _images(seen, mixed),
    }


def _images(seen: ImageInspection, mixed: tuple[CopyGroup, ...]) -> dict[str, Any]:
    copies = seen.copies
    near = sum(len(group.rows) for group in copies.near)
    shown = [*mixed, *(group for group in copies.groups if group not in mixed)][:_GROUPS]
    return {
        "shape": dict(zip(("channels", "height", "width"), seen.images.shape, strict=True)),
        "in_memory": seen.images.in_memory,
        **seen.makeup.to_json(),
        "mean": [round(value, 6) for value in seen.channel_mean.tolist()],
        "std": [round(value, 6) for value in seen.channel_std.tolist()],
        "parts": {name: len(rows) for name, rows in seen.parts.items()},
        "broken": {
            "count": len(seen.broken),
            "files": [{"name": one.name, "reason": one.reason} for one in seen.broken[:_BROKEN]],
        },
        "blank": {"count": len(copies.blank), "rows": list(copies.blank[:_ROWS])},
        "exact_copies": {"images": sum(group.repeats for group in copies.exact), "groups": len(copies.exact)},
        "near_duplicates": {
            "images": near,
            "share": near / seen.rows,
            "groups": len(copies.near),
            "mirrored": sum(group.is_mirrored for group in copies.near),
            "look_alikes": copies.look_alikes,
        },
        "other_labels": {"groups": len(mixed)},
        "copies": [_group(seen, group) for group in shown],
        "facts": [
            {**profile.to_json(), "alone": alone and alone.to_json()}
            for profile in seen.fact_profiles
            for alone in [seen.power.get(profile.name)]
        ],
        "samples": _samples(seen),
        "odd": _odd(seen),
    }


def _group(seen: ImageInspection, group: CopyGroup) -> dict[str, Any]:
    rows = list(group.rows[:_ROWS])
    part = {int(row): name for name, of_part in seen.parts.items() for row in of_part}
    return {
        "rows": rows,
        "names": [seen.names[row] for row in rows],
        "labels": [seen.labels[row] for row in rows] if seen.labels is not None else [],
        "parts": [part.get(row) for row in rows] if part else [],
        "count": len(group.rows),
        "exact": group.is_exact,
        "likeness": group.likeness,
        "mirrored": group.is_mirrored,
    }


def _unavoidable(group: CopyGroup, labels: tuple[Any, ...]) -> int:
    """Images of the group that are wrong whatever one label a network answers."""
    counts = np.unique([labels[row] for row in group.rows], return_counts=True)[1]
    return int(counts.sum() - counts.max())


def _samples(seen: ImageInspection) -> dict[str, list[int]]:
    """Rows drawn from each class, blank ones included; from all, where there are no classes."""
    rng = np.random.default_rng(child_seed(0, "contact sheet"))
    if seen.labels is None:
        return {"": np.sort(rng.permutation(seen.rows)[: 3 * _SAMPLES]).tolist()}
    each = max(min(_SAMPLES, _SAMPLED // max(len(seen.classes), 1)), 1)
    labels_N = np.array(seen.labels)
    chosen = {}
    for label in list(seen.classes)[:_SAMPLED]:
        rows = np.flatnonzero(labels_N == label)
        chosen[label] = np.sort(rng.permutation(rows)[:each]).tolist()
    return chosen


def _odd(seen: ImageInspection) -> list[dict[str, Any]]:
    """The images at the ends of some facts: those most likely to be mistakes."""
    ends = []
    for fact, title, is_low in _ENDS:
        values = seen.facts[fact].to_numpy()
        order = np.argsort(values if is_low else -values, kind="stable")[:_ODD]
        ends.append({"fact": fact, "title": title, "rows": order.tolist(), "values": values[order].tolist()})
    return ends
