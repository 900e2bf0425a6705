"""The settings of images among the options of a command that only reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.cli import options

if TYPE_CHECKING:
    from assay.data.images.settings import ImageSettings

_SECTION = "images."


def image_settings(items: Sequence[str] | None) -> tuple[list[str], ImageSettings]:
    """`--set images.NAME=VALUE` as settings of images, and the other `--set` options as they were.

    Raises:
        RecipeError: a setting is unknown, or has an impossible value.
    """
    from assay.data.images.settings import ImageSettings

    found = [item for item in items or () if item.startswith(_SECTION)]
    others = [item for item in items or () if not item.startswith(_SECTION)]
    chosen = {name.removeprefix(_SECTION): value for name, value in options.settings(found).items()}
    return others, ImageSettings.checked(chosen, where="--set")
