"""The section on where the errors are: slices, confused classes, worst rows, doubtful targets, importance."""

from __future__ import annotations

from typing import Any

from assay.reports.error_images import image_of, pair_images
from assay.reports.errors_lane import Axis, Record, lane
from assay.reports.numbers import best, ends, is_number, number, share
from assay.reports.page import render
from assay.reports.thumbnails import Embedded

_MOST_COLUMNS = 8
_MOST_TWINS = 3


def errors_section(record: Record, embedded: Embedded | None = None) -> str:
    """The section as HTML; empty when there is no record.

    Args:
        record: of `errors.json`; a field that is missing or null leaves its place empty.
        embedded: the thumbnails, where the rows are images.
    """
    if not record:
        return ""
    names = _record(record.get("images"))
    as_share = record.get("measure") == "error rate"
    importance = _records(record.get("importance"))
    return render(
        "errors.html.j2",
        errors=record,
        as_share=as_share,
        overall=_measured(record.get("error"), as_share),
        slices=_slices(record, as_share),
        why=_record(record.get("slices")).get("because"),
        of_images=bool(names),
        worst=[
            _worst(row) | image_of(row, names, embedded)
            for row in _records(_record(record.get("worst")).get("rows"))
        ],
        carried=_record(record.get("worst")).get("share"),
        labels=_record(record.get("labels")),
        suspects=[
            _suspect(one) | image_of(one, names, embedded)
            for one in _records(_record(record.get("labels")).get("suspects"))
        ],
        pairs=_pairs(_records(record.get("pairs")), names, embedded),
        columns=_columns(importance[:_MOST_COLUMNS]),
        idle=sum(map(_is_idle, importance)),
        num_columns=len(importance),
    )


def _record(value: Any) -> Record:
    return value if isinstance(value, dict) else {}


def _records(value: Any) -> list[Record]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _ends(records: list[Record], key: str) -> list[Any]:
    return [_record(one.get(key)).get(name) for one in records for name in ("value", "low", "high")]


def _measured(interval: Any, as_share: bool) -> Record:
    """An error in words: `30.7 %` and `27.4 % to 34 %`, or in the target's unit."""
    known = _record(interval)
    if not as_share:
        return {"value": best(known), "ends": ends(known)}
    low, high = known.get("low"), known.get("high")
    both = f"{share(low)} to {share(high)}" if is_number(low) and is_number(high) else ""
    return {"value": share(known.get("value")), "ends": both}


def _slices(record: Record, as_share: bool) -> list[Record]:
    """The slices, and all rows at the end to compare them with; empty without slices."""
    found = _records(_record(record.get("slices")).get("found"))
    if not found:
        return []
    overall = _record(record.get("error"))
    axis, mean = Axis.over([*_ends(found, "error"), *overall.values()]), overall.get("value")
    slices = [
        {
            **one,
            "measured_error": _measured(one.get("error"), as_share),
            "lane": lane(axis, one.get("error"), mean),
        }
        for one in found
    ]
    everything = {"measured_error": _measured(overall, as_share), "lane": lane(axis, overall, mean, "floor")}
    return [*slices, {"rule": "all validation rows", "all": True, **everything}]


def _pairs(pairs: list[Record], names: Record, embedded: Embedded | None) -> list[Record]:
    axis = Axis.over([*_ends(pairs, "share"), *(pair.get("chance") for pair in pairs)])
    return [
        {
            **pair,
            "measured": _measured(pair.get("share"), True),
            "lane": lane(axis, pair.get("share"), pair.get("chance"), "c4"),
            "shown": pair_images(pair, names, embedded),
        }
        for pair in pairs
    ]


def _worst(row: Record) -> Record:
    sure = row.get("probability")
    off = share(sure) if is_number(sure) else number(row.get("loss"))
    return {**row, "truth": _shown(row.get("truth")), "predicted": _shown(row.get("predicted")), "off": off}


def _suspect(one: Record) -> Record:
    score, is_value = one.get("score"), is_number(one.get("given"))
    doubt = f"{number(score, 3)} standard deviations off" if is_value else share(score)
    return {
        **one,
        "given": _shown(one.get("given")),
        "suggested": _shown(one.get("suggested")),
        "doubt": doubt,
    }


def _columns(importance: list[Record]) -> list[Record]:
    axis = Axis.over(_ends(importance, "change"))
    return [
        {
            **one,
            "change": {"value": best(one.get("change")), "ends": ends(one.get("change"))},
            "twins": [str(twin) for twin in one.get("twins") or []][:_MOST_TWINS],
            "lane": lane(axis, one.get("change"), None, "train"),
        }
        for one in importance
    ]


def _is_idle(one: Record) -> bool:
    """Whether nothing is lost beyond noise when the column is shuffled."""
    low = _record(one.get("change")).get("low")
    return is_number(low) and low <= 0


def _shown(value: Any) -> str:
    return number(value) if is_number(value) else str(value)
