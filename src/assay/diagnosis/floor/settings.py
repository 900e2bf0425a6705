"""The floor's settings."""

from __future__ import annotations

from assay.core.settings import Settings, setting


class FloorSettings(Settings):
    """How the floor is found when `bayes_error` does not give it."""

    estimate: bool = setting(
        True, "estimate the floor from the data", "without a floor, bias is only bounded"
    )
    soft_labels: tuple[str, ...] = setting(
        (),
        "columns with the share of people who said a class: one column (the second class) for two classes, "
        "else one a class, in the order of the labels; no features",
    )
    repeated_labels: tuple[str, ...] = setting(
        (), "columns with other people's answers to the same question; no features"
    )
