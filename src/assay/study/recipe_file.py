"""A recipe as TOML text, with the reason of each choice beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import Table as TomlTable

from assay.core.settings import Settings
from assay.study.recipe import Recipe

_HEAD = "Every choice of this run. Run it again with: assay run recipe.toml --out NEW_FOLDER"


def recipe_text(recipe: Recipe, reasons: Mapping[str, str]) -> str:
    """TOML text that `Recipe.load` reads back to an equal recipe.

    Args:
        recipe: with every choice resolved.
        reasons: why a value was chosen, by dotted name; where absent, the reason of the default.
    """
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    document.add(tomlkit.nl())
    _fill(document, recipe, "", reasons)
    return tomlkit.dumps(document)


def _fill(place: Any, settings: Settings, prefix: str, reasons: Mapping[str, str]) -> None:
    plain = settings.model_dump(mode="json")
    parts = {name: value for name in plain if isinstance(value := getattr(settings, name), Settings)}
    tables = {name: value for name, value in plain.items() if isinstance(value, dict) and name not in parts}
    for name, value in plain.items():
        if name not in parts and name not in tables:
            _add(place, settings, name, value, reasons.get(prefix + name, ""))
    for name, value in tables.items():
        if value:
            table = _by_column(value, f"{prefix}{name}.", reasons, _help(settings, name))
            place.add(tomlkit.nl())
            place.add(name, table)
    for name, part in parts.items():
        table = tomlkit.table()
        _fill(table, part, f"{prefix}{name}.", reasons)
        place.add(tomlkit.nl())
        place.add(name, table)


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


def _by_column(values: dict[str, Any], prefix: str, reasons: Mapping[str, str], help_text: str) -> TomlTable:
    """A setting by column: one line a column, its reason behind it."""
    table = tomlkit.table()
    table.add(tomlkit.comment(help_text))
    for column, value in values.items():
        known = (
            {key: item for key, item in value.items() if item is not None}
            if isinstance(value, dict)
            else value
        )
        entry = tomlkit.item(known)
        if reason := reasons.get(prefix + column, ""):
            entry.comment(" ".join(reason.split()))
        table.add(column, entry)
    return table


def _help(settings: Settings, name: str) -> str:
    return str(type(settings).model_fields[name].description or "")
