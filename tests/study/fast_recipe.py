"""A recipe that trains in a second."""

from typing import Any

FAST: dict[str, Any] = {"training": {"epochs": 3}, "network": {"hidden": (8,)}}
