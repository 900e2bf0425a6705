"""What a run says about its data and its first network."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.data.split import Split
    from assay.data.table import Table
    from assay.study.any_trial import AnyTrial
    from assay.study.progress import Progress
    from assay.study.source import Source


def tell_data(progress: Progress, unsealed: Table, source: Source, divided: Split) -> None:
    """Rows, target, and how they were divided."""
    task = unsealed.task.value if unsealed.task else ""
    progress.say("read", f"{_amount(unsealed, source)}; target {source.target!r}: {task}")
    for note in unsealed.notes:
        progress.say("read", note)
    sizes = " / ".join(f"{len(rows):,}" for rows in (divided.train, divided.validation, divided.test))
    progress.say("split", f"{sizes} rows for training / validation / test, {divided.method}")
    for sentence in (*divided.reasons, *divided.warnings):
        progress.say("", sentence)


def tell_trial(progress: Progress, trial: AnyTrial) -> None:
    """Inputs and layers, with their reasons."""
    for step, text in trial.words():
        progress.say(step, text)
    for name, reason in trial.reasons.items():
        section, _, setting = name.partition(".")
        if section in {"network", "augmentation"}:
            progress.say("", f"{setting}: {reason}")


def _amount(unsealed: Table, source: Source) -> str:
    if unsealed.images is None:
        return f"{source.rows:,} rows, {len(unsealed.features)} features"
    channels, height, width = unsealed.images.shape
    return f"{source.rows:,} images, taken at {height} x {width} pixels, {channels} channels"
