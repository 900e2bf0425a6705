"""What is wrong with settings, in the project's words: what was found, what is allowed, an example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from assay.core.allowed import allowed
from assay.core.errors import did_you_mean

Section = type[BaseModel]
_OWN_WORDS = {"value_error", "assertion_error"}  # of a validator


def mistakes(model: Section, error: ValidationError, values: Mapping[str, Any]) -> list[str]:
    """One clause for each setting that is wrong, however many complaints pydantic has about it.

    Args:
        model: that was asked for.
        error: what pydantic found.
        values: what it was given.
    """
    found: dict[str, str] = {}
    for item in error.errors():
        path = [str(part) for part in item["loc"]]
        if item["type"] == "extra_forbidden":
            place = _Place.of(model, path[:-1], values)
            hint = did_you_mean(
                path[-1], dict.fromkeys(name for one in place.sections for name in one.model_fields)
            )
            found.setdefault(".".join(path), f"unknown setting {'.'.join(path)!r} ({hint})")
            continue
        place = _Place.of(model, path, values)
        name, value = ".".join(place.path), _value(values, place.path, item["input"])
        shown = f" = {value!r}" if name and not isinstance(value, Mapping | BaseModel) else ""
        found.setdefault(name, f"{name or 'settings'}{shown}: {_said(item, place, value)}")
    # A list with a wrong number is called too short as well.
    inside = {name.rpartition(".")[0] for name in found if "." in name}
    return [clause for name, clause in found.items() if name not in inside]


@dataclass(frozen=True)
class _Place:
    """Where a setting stands.

    Attributes:
        path: what names a setting, or one value of a list, in pydantic's path: no kinds of a union.
        type: of the setting.
        field: None for a value of a list, and where the name is one of the user's own, as that of a column.
        sections: with settings of their own that may stand here; of several kinds the one that was stated.
    """

    path: tuple[str, ...]
    type: Any
    field: FieldInfo | None
    sections: list[Section]

    @classmethod
    def of(cls, model: Section, path: Sequence[str], values: Mapping[str, Any]) -> _Place:
        place = cls((), model, None, [model])
        for part in path:
            fields = [one.model_fields[part] for one in place.sections if part in one.model_fields]
            if fields:
                inner, field = fields[0].annotation, fields[0]
            elif get_origin(place.type) is dict:
                inner, field = get_args(place.type)[1], None
            elif get_origin(place.type) is tuple and part.isdigit():
                inner, field = get_args(place.type)[0], None
            else:
                break
            here = (*place.path, part)
            sections, kind = _sections(inner), _value(values, (*here, "kind"), None)
            stated = [one for one in sections if kind in _kinds(one)]
            place = cls(here, inner, field, stated or sections)
        return place


def _said(item: Any, place: _Place, value: Any) -> str:
    """A validator's own words; else what is allowed, and an example."""
    if item["type"] in _OWN_WORDS:
        said = str(item["msg"]).partition(", ")[2]  # pydantic's "Value error" stands before them
        return said[:1].lower() + said[1:]
    if place.sections:
        inner, default = _first_setting(place.sections[0])
        name = ".".join((*place.path, inner))
        return f"it is a section, whose settings are named one by one, e.g. {name} = {_as_toml(default)}"
    words = allowed(place.type, place.field.metadata if place.field else ())
    if not words:
        return str(item["msg"][:1]).lower() + str(item["msg"][1:])
    if words.startswith("a list") and not isinstance(value, list | tuple | Mapping):
        return f"write a list: [{value!r}]; allowed is {words}"
    return f"allowed is {words}{_example(place, value)}"


def _example(place: _Place, value: Any) -> str:
    if place.field is None:
        return ""
    extra = place.field.json_schema_extra
    stated = extra.get("example") if isinstance(extra, dict) else None
    example = place.field.default if stated is None else stated
    return (
        "" if example is None or example == value else f", e.g. {'.'.join(place.path)} = {_as_toml(example)}"
    )


def _first_setting(section: Section) -> tuple[str, Any]:
    defaults = {name: field.default for name, field in section.model_fields.items()}
    plain = {name: value for name, value in defaults.items() if isinstance(value, str | int | float)}
    return next(iter(plain.items() or defaults.items()))


def _as_toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"[{', '.join(map(_as_toml, value))}]" if isinstance(value, tuple | list) else repr(value)


def _sections(annotation: Any) -> list[Section]:
    kinds = get_args(annotation) if get_origin(annotation) in {Union, UnionType} else (annotation,)
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]


def _kinds(section: Section) -> tuple[Any, ...]:
    return get_args(section.model_fields["kind"].annotation) if "kind" in section.model_fields else ()


def _value(values: Any, path: Sequence[str], absent: Any) -> Any:
    for part in path:
        if isinstance(values, list | tuple) and part.isdigit() and int(part) < len(values):
            values = values[int(part)]
        elif isinstance(values, Mapping) and part in values:
            values = values[part]
        else:
            return absent
    return values
