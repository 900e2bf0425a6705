"""A recipe that trains in a second, and once."""

from typing import Any

FAST: dict[str, Any] = {
    "training": {"epochs": 3},
    "network": {"hidden": (8,)},
    "rounds": 0,
    "learning_curve": False,
}
