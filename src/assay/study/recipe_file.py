"""A recipe as TOML text, with the reason of each choice beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import tomlkit

from assay.core.settings import Settings
from assay.data.column import Column, Kind, Role
from assay.study.recipe import Recipe

_OF_TABLES = ("preparation",)
_OF_IMAGES = ("images", "augmentation")
_HEAD = "Every choice of this run. Run it again with: assay run recipe.toml --out NEW_FOLDER"


def recipe_text(recipe: Recipe, reasons: Mapping[str, str], columns: Sequence[Column] = ()) -> str:
    """TOML text that `Recipe.load` reads back to an equal recipe.

    Args:
        recipe: with every choice resolved.
        reasons: why a value was chosen, by dotted name; where absent, the reason of the default.
        columns: their kinds as inferred stand as comments, each a line that can be uncommented and changed.
    """
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    document.add(tomlkit.nl())
    _fill(document, recipe, "", reasons, _unused(recipe, columns))
    _add_kinds(document["read"], recipe, columns)
    return tomlkit.dumps(document)


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """The text of a recipe with these settings set, each where its name stands, comments kept."""
    for name, value in values.items():
        if value is not None:
            line = f"{name} = {tomlkit.item(value).as_string()}"
            text = re.sub(rf"^(# )?{name} =.*$", line, text, count=1, flags=re.MULTILINE)
    return text


def _unused(recipe: Recipe, columns: Sequence[Column]) -> set[str]:
    """Of the sections that say nothing about data of this kind, those that nobody has changed."""
    if not columns:
        return set()
    names = _OF_TABLES if any(column.kind is Kind.IMAGE for column in columns) else _OF_IMAGES
    return {name for name in names if getattr(recipe, name) == type(recipe).model_fields[name].default}


def _fill(
    place: Any, settings: Settings, prefix: str, reasons: Mapping[str, str], left_out: Collection[str] = ()
) -> None:
    plain = settings.model_dump(mode="json", exclude=set(left_out))
    parts = {name: value for name in plain if isinstance(value := getattr(settings, name), Settings)}
    tables = {name: value for name, value in plain.items() if isinstance(value, dict) and name not in parts}
    for name, value in plain.items():
        if name not in parts and name not in tables:
            _add(place, settings, name, value, reasons.get(prefix + name, ""))
    for name, value in tables.items():
        if value:
            table = tomlkit.table()
            table.add(tomlkit.comment(_help(settings, name)))
            table.update(_without_nulls(value))
            place.add(tomlkit.nl())
            place.add(name, table)
    for name, part in parts.items():
        table = tomlkit.table()
        _fill(table, part, f"{prefix}{name}.", reasons)
        place.add(tomlkit.nl())
        place.add(name, table)


def _without_nulls(value: Any) -> Any:
    """TOML has no word for "absent"."""
    if not isinstance(value, dict):
        return value
    return {name: _without_nulls(item) for name, item in value.items() if item is not None}


def _add_kinds(place: Any, recipe: Recipe, columns: Sequence[Column]) -> None:
    inferred = [
        column
        for column in columns
        if column.role is not Role.TARGET
        and column.kind is not Kind.IMAGE
        and column.name not in recipe.read.kinds
    ]
    if not inferred:
        return
    if "kinds" not in place:
        place.add(tomlkit.nl())
        place.add("kinds", tomlkit.table())
    place["kinds"].add(tomlkit.comment("as inferred from the training rows; change one by uncommenting it:"))
    for column in inferred:
        name = tomlkit.key(column.name).as_string()
        why = " ".join(column.why.split())
        place["kinds"].add(tomlkit.comment(f'{name} = "{column.kind.value}"  # {why}'))


def _add(place: Any, settings: Settings, name: str, value: Any, reason: str) -> None:
    is_default = getattr(settings, name) == type(settings).model_fields[name].default
    reason = reason or (settings.reason(name) if is_default else "")
    for line in [_help(settings, name), f"because: {reason}" if reason else ""]:
        if line:
            place.add(tomlkit.comment(" ".join(line.split())))
    if value is None:  # TOML has no word for "absent"
        place.add(tomlkit.comment(f"{name} ="))
    else:
        place.add(name, value)


def _help(settings: Settings, name: str) -> str:
    return str(type(settings).model_fields[name].description or "")
