"""What a setting may be, in words, from its type and its limits."""

from __future__ import annotations

from collections.abc import Iterable
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

_NUMBERS = {int: ("a whole number", "whole numbers"), float: ("a number", "numbers")}
_OTHERS = {bool: "true or false", str: "text"}
_COUNTS = {2: "two", 3: "three"}
_LIMITS = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}
_NAMES = (*_LIMITS, "min_length")


def allowed(annotation: Any, metadata: Iterable[Any] = ()) -> str:
    """The words for a type, e.g. "a whole number of at least 1, or a list of two numbers"; "" for others.

    Args:
        annotation: of the setting.
        metadata: what holds its limits, as pydantic keeps them.
    """
    annotation, own = _bare(annotation)
    limits = _limits(metadata) | own
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in {Union, UnionType}:
        words = [allowed(kind, metadata) for kind in inner if kind is not NoneType]
        return ", or ".join(words) if all(words) else ""
    if origin is Literal:
        return _either([repr(value) for value in inner])
    if origin is tuple:
        return _list(inner, limits)
    if annotation in _NUMBERS:
        return _NUMBERS[annotation][0] + _limited(limits)
    return _OTHERS.get(annotation, "")


def _list(inner: tuple[Any, ...], limits: dict[str, Any]) -> str:
    kind, own = _bare(inner[0])
    if kind in _NUMBERS:
        words = _NUMBERS[kind][1] + _limited(own)
    elif get_origin(kind) is Literal:
        words = f"these: {', '.join(repr(value) for value in get_args(kind))}"
    else:
        words = "texts"
    if inner[-1] is not Ellipsis:
        return f"a list of {_COUNTS.get(len(inner), len(inner))} {words}"
    return f"a list of {words}" + (", not empty" if limits.get("min_length") else "")


def _limited(limits: dict[str, Any]) -> str:
    if "ge" in limits and "le" in limits:
        return f" from {limits['ge']:,} to {limits['le']:,}"
    said = [f"{words} {limits[name]:,}" for name, words in _LIMITS.items() if name in limits]
    return f" {' and '.join(said)}" if said else ""


def _bare(annotation: Any) -> tuple[Any, dict[str, Any]]:
    """A type without its annotations, and their limits."""
    if get_origin(annotation) is not Annotated:
        return annotation, {}
    kind, *metadata = get_args(annotation)
    return kind, _limits(metadata)


def _limits(metadata: Iterable[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in metadata:
        inner = item.metadata if isinstance(item, FieldInfo) else (item,)
        found |= {
            name: value for one in inner for name in _NAMES if (value := getattr(one, name, None)) is not None
        }
    return found


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
