"""The first architecture for images, by the field's rules of thumb."""

from __future__ import annotations

from assay.core.task import Task
from assay.networks.image_settings import ImageNetworkSettings

_FEW, _MANY = 2_000, 20_000  # training images
_LAST_SIDE = 4  # the image's smaller side after the last pooling, at least
_LARGEST_FOR_LINEAR = 64  # sides up to which a linear layer gets every number of the last maps
_MOST_FILTERS = 256


def first_image_network(
    shape: tuple[int, int, int], num_classes: int, num_rows: int, task: Task
) -> tuple[ImageNetworkSettings, dict[str, str]]:
    """A network to start from, and why it looks as it does.

    The rules: convolutions of 3 x 3, filters doubled where the image is halved (Simonyan and Zisserman,
    2015), halved until about 4 pixels are left; fewer filters where images are few. A backbone is not chosen
    here, as its weights may be missing.

    Args:
        shape: channels, height and width of the prepared images.
        num_classes: K; 1 for a value.
        num_rows: training images.
        task: what is asked.

    Returns:
        The settings, and the reason of each by its name (and of `outputs`).
    """
    _, height, width = shape
    filters = 16 if num_rows < _FEW else 32
    widths = _widths(min(height, width), filters)
    choices: dict[str, object] = {"widths": widths, "dropout": 0.2}
    amount = "few" if num_rows < _FEW else "enough" if num_rows < _MANY else "many"
    reasons = {
        "widths": f"{num_rows:,} training images are {amount}: {filters} filters first, twice as many after "
        f"each pooling; {len(widths)} poolings leave {_left(height, widths)}x{_left(width, widths)} of "
        f"{height}x{width}",
        "batch_norm": "larger steps, and fewer of them",
        "dropout": "a little costs nothing and delays over-fitting",
        "outputs": "one, the value" if task is Task.REGRESSION else f"one for each of {num_classes} classes",
    }
    if max(height, width) > _LARGEST_FOR_LINEAR or num_rows < _FEW:
        choices["final_pool"] = "average"
        reasons["final_pool"] = "the mean of each channel keeps the last layer small"
    else:
        choices["dense"] = (128,)
        reasons["dense"] = "one linear layer puts together where things were seen"
    return ImageNetworkSettings.checked(choices, where="network"), reasons


def _widths(side: int, filters: int) -> tuple[int, ...]:
    count = 1
    while side >> (count + 1) >= _LAST_SIDE:
        count += 1
    return tuple(min(_MOST_FILTERS, filters << block) for block in range(min(count, 6)))


def _left(side: int, widths: tuple[int, ...]) -> int:
    return side >> len(widths)
