"""The one place where a training of a table and one of images part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.study.image_trial import ImageTrial
from assay.study.trial import Trial

if TYPE_CHECKING:
    from assay.data.table import Table
    from assay.study.any_trial import AnyTrial
    from assay.study.recipe import Recipe


def make_trial(recipe: Recipe, train: Table, validation: Table, seed: int | None = None) -> AnyTrial:
    """A training of the recipe on these rows, or on the images of these rows.

    Args:
        recipe: of the training.
        train: the training rows.
        validation: the validation rows.
        seed: of the first weights and of the order of the rows; absent, that of the recipe.

    Raises:
        RecipeError: settings that do not go together.
    """
    kind = ImageTrial if train.is_images else Trial
    return kind.of(recipe, train, validation, seed)
