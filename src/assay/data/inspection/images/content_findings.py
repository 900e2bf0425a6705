"""What is worth saying about what images show: copies, blank ones, too few, and facts that tell the class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assay.core.finding import Finding
from assay.data.inspection.alone import Alone
from assay.data.inspection.images.copies import Copies, CopyGroup
from assay.data.inspection.images.facts import OF_FILE, telling_facts
from assay.data.inspection.images.file_findings import images_are, named
from assay.data.inspection.wording import listed, percent

_FEW = 500
_SHOWN_GROUPS = 3
_WORDS = {
    "bytes": "the file's length",
    "format": "the file's format",
    "mode": "the file's mode",
    "aspect": "width by height",
    "border": "the brightness of the border",
    "border_contrast": "the contrast along the border",
}


def content_findings(
    names: Sequence[str], copies: Copies, labels: Sequence[Any] | None, parts: Mapping[int, str]
) -> Iterator[Finding]:
    """Findings about copies and blank images.

    Args:
        names: of each image.
        copies: among them.
        labels: of each image; None without a target, or where it is no class.
        parts: name of the official part by row number; empty where there are none.
    """
    across = copies.across(parts)
    if across:
        yield _across(names, across, parts)
    mixed = copies.of_other_labels(labels) if labels is not None else ()
    if mixed:
        yield _mixed(names, mixed, labels or ())
    if copies.exact:
        count = sum(group.repeats for group in copies.exact)
        message = (
            f"{images_are(count, 'repeats/repeat')} another pixel by pixel: {_examples(names, copies.exact)}"
        )
        advice = "keep one of each: a copy in validation is remembered, not recognised"
        yield Finding("I201", "image", message, advice)
    if copies.near:
        yield _near(names, copies)
    if copies.blank:
        message = f"{images_are(len(copies.blank), 'has/have')} a single colour {named(names, copies.blank)}"
        yield Finding(
            "I105", "image", message, "nothing can be learnt from them: find out why, and delete them"
        )
    if len(names) < _FEW:
        advice = "start from a pretrained backbone, augment, and expect wide intervals"
        yield Finding("A205", None, f"there are {len(names):,} images only", advice)


def fact_in_words(name: str) -> str:
    """How a fact of an image is told: ``"the file's length"``."""
    return _WORDS.get(name, f"the {name}")


def power_findings(power: Mapping[str, Alone]) -> Iterator[Finding]:
    """Facts that alone tell the classes apart, the strongest first."""
    for alone, is_given_away in telling_facts(dict(power)):
        message = f"{fact_in_words(alone.name)} alone {told_power(alone)}"
        if alone.name in OF_FILE:
            advice = (
                "it says where a file comes from, not what it shows: save all images alike before training"
            )
        else:
            advice = "unless it is what you ask for, take images of all classes in the same way"
        yield Finding("I301" if is_given_away else "I302", "image", message, advice)


def told_power(alone: Alone) -> str:
    """`gets 93 % of unseen images right; always guessing the commonest class gets 20 %`."""
    if alone.measure == "R2":
        return f"explains {percent(alone.measured)} of the target on unseen images (R2)"
    return (
        f"gets {percent(alone.measured)} of unseen images right; always guessing the commonest class gets "
        f"{percent(alone.baseline)}"
    )


def _across(names: Sequence[str], groups: Sequence[CopyGroup], parts: Mapping[int, str]) -> Finding:
    counted: dict[str, int] = {}
    for group in groups:
        found = sorted({parts[row] for row in group.rows if row in parts}, key=list(parts.values()).index)
        counted[" and ".join(found)] = counted.get(" and ".join(found), 0) + 1
    where = listed(f"{count:,} in {which}" for which, count in counted.items())
    things = "1 image stands" if len(groups) == 1 else f"{len(groups):,} images stand"
    message = f"{things} in more than one part ({where}): {_examples(names, groups)}"
    advice = "take them out of training: `assay audit` says what they add to the score"
    return Finding("I204", "image", message, advice)


def _mixed(names: Sequence[str], groups: Sequence[CopyGroup], labels: Sequence[Any]) -> Finding:
    shown = []
    for group in groups[:_SHOWN_GROUPS]:
        first = group.rows[0]
        other = next(row for row in group.rows if labels[row] != labels[first])
        shown.append(f"{names[first]} ({labels[first]}) is {names[other]} ({labels[other]})")
    things = "1 image has" if len(groups) == 1 else f"{len(groups):,} images have"
    message = f"{things} copies under another label: {listed(shown, of=len(groups))}"
    advice = "decide for one label, or delete both: no network can get both right"
    return Finding("I202", "image", message, advice)


def _near(names: Sequence[str], copies: Copies) -> Finding:
    count = sum(len(group.rows) for group in copies.near)
    total = f"{percent(count / len(names))} of all"
    turned = sum(group.is_mirrored for group in copies.near)
    mirrored = f", {turned:,} of them mirrored" if turned else ""
    sets = "1 group" if len(copies.near) == 1 else f"{len(copies.near):,} groups"
    message = (
        f"{images_are(count, 'is a near copy/are near copies')} of others ({total}, in {sets}{mirrored}): "
    )
    message += _examples(names, copies.near)
    advice = "keep one of each, or keep each group in one part (a group column)"
    return Finding("I203", "image", message, advice)


def _examples(names: Sequence[str], groups: Sequence[CopyGroup]) -> str:
    """`a.png = b.png, c.png = d.png = e.png and 7 more`."""
    shown = [
        " = ".join(names[row] for row in group.rows[:_SHOWN_GROUPS])
        + (" = ..." if len(group.rows) > 3 else "")
        for group in groups[:_SHOWN_GROUPS]
    ]
    return listed(shown, of=len(groups))
