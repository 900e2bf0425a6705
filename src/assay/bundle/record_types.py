"""The types of what stands in a bundle.json: what has others is refused at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assay.core.errors import BundleError
from assay.data.schema.input_column import InputColumn

# Keys that are not named here are not looked at.


@dataclass
class _Target:
    name: str
    task: str
    labels: list[str | bool | int | float]


@dataclass
class _Network:
    kind: str
    layers: dict[str, Any]


@dataclass
class _Tensor:
    dtype: str
    shape: list[int]


@dataclass
class _Rows:
    """A preparation of tables."""

    schema: list[InputColumn]
    settings: dict[str, Any]
    names: list[str]
    cardinalities: list[int]
    steps: list[dict[str, str]]
    bounds: dict[str, tuple[float, float]]
    tensors: dict[str, _Tensor]


@dataclass
class _Images:
    """A preparation of images."""

    schema: dict[str, int | str]
    because: str


@dataclass
class _Metrics:
    metric: str | None = None
    validation: dict[str, Any] | None = None


@dataclass
class _Record:
    target: _Target
    network: _Network
    metrics: _Metrics
    diagnosis: dict[str, Any]
    versions: dict[str, str]
    decision: dict[str, Any] = field(default_factory=dict)


def check_types(record: Mapping[str, Any]) -> None:
    """Refuse a record whose values are of other types than `Bundle.save` writes.

    Raises:
        BundleError: names the first place that is wrong.
    """
    preparation = record.get("preparation")
    described = preparation if isinstance(preparation, dict) else {}
    is_image = described.get("kind") == "image"
    _check(_adapter(_Record), record, "")
    _check(_adapter(_Images if is_image else _Rows), described, "preparation.")


def _check(adapter: TypeAdapter[Any], value: Any, before: str) -> None:
    try:
        adapter.validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BundleError(f"bundle.json: {before}{place}: {first['msg']}") from error


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
