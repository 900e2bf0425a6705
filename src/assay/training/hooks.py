"""What may be told about a training while it goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# A hook is any object with some of these methods:
#     on_start(trainer)               before the first epoch
#     on_epoch_end(trainer, record)   after each epoch; what it adds to the record is written to the history
#     on_end(trainer)                 after the last one, the best weights are back in the network
_NAMES = ("on_start", "on_epoch_end", "on_end")


def tell(hooks: Iterable[object], name: str, *values: Any) -> None:
    """Call the method `name` of every hook that has it, in their order."""
    assert name in _NAMES
    for hook in hooks:
        method = getattr(hook, name, None)
        if method is not None:
            method(*values)
