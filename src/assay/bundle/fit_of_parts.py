"""Whether the parts of a loaded bundle fit each other, so that no row meets it later."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from assay.core.errors import BundleError
from assay.data.images.preparation import ImagePreparation
from assay.data.preparation import Preparation
from assay.networks import ImageNetwork

# Of one image, 3 x 2,364 x 2,364: a size that no weights back takes memory all the same.
_MOST_NUMBERS = 2**24
_PADDING = 1e299  # what stands behind the last entry of a table of codes is above this


def check_fit(preparation: Preparation | ImagePreparation, network: nn.Module) -> None:
    """Refuse a preparation and a network that are sound each by itself, and cannot work together.

    Raises:
        BundleError: sizes, columns or category numbers do not agree; the message names both.
    """
    if isinstance(preparation, ImagePreparation):
        _check_images(preparation, network)
        return
    _check_rows(preparation, network)
    _check_codes(preparation, network)


def _check_images(preparation: ImagePreparation, network: nn.Module) -> None:
    taken = network.input_shape if isinstance(network, ImageNetwork) else None
    if taken != preparation.output_shape:
        raise BundleError(f"the images are {preparation.output_shape} and the network takes {taken}")
    if preparation.num_outputs > _MOST_NUMBERS:
        raise BundleError(
            f"an image has {preparation.num_outputs:,} numbers, and at most {_MOST_NUMBERS:,} are expected"
        )


def _check_rows(preparation: Preparation, network: nn.Module) -> None:
    """Prepare a row in which everything is missing: it goes through each step."""
    with torch.inference_mode():
        found = preparation(torch.full((1, preparation.num_inputs), torch.nan, dtype=torch.float64)).shape[1]
    taken = getattr(network, "num_inputs", None)
    if not found == preparation.num_outputs == taken:
        raise BundleError(
            f"the preparation gives {found} numbers and names {preparation.num_outputs}, "
            f"and the network takes {taken}"
        )


def _check_codes(preparation: Preparation, network: nn.Module) -> None:
    """Each category number must have its vector."""
    taken = list(getattr(network, "cardinalities", ()))
    if list(preparation.cardinalities) != taken:
        raise BundleError(
            f"the preparation numbers {list(preparation.cardinalities)} categories and the network {taken}"
        )
    table: Any = preparation.state_dict().get("groups.codes.table")
    found = [] if table is None else [_longest(row) for row in table]
    if len(found) != len(taken) or any(one >= most for one, most in zip(found, taken, strict=True)):
        raise BundleError(f"tables of {found} categories, and the network has vectors for {taken}")


def _longest(table_K: Tensor) -> int:
    """The highest place, counted from 1, of an entry that is no padding."""
    places = torch.nonzero(table_K < _PADDING)
    return int(places.max()) + 1 if len(places) else 0
