"""Settings: typed, frozen, each with its help and its default's reason; unknown keys refused together."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assay.core.errors import RecipeError, did_you_mean


def setting(default: Any, help: str, reason: str = "", **limits: Any) -> Any:
    """A field of a `Settings` model.

    Args:
        default: the value when the user says nothing; mutable defaults are copied.
        help: what the setting does (also the command's help).
        reason: why the default is what it is; written beside it in `recipe.toml`.
        limits: pydantic's own, e.g. ``ge=0``.
    """
    return Field(default, description=help, json_schema_extra={"reason": reason}, **limits)


class Settings(BaseModel):
    """Base of all settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    @classmethod
    def checked(cls, values: dict[str, Any], where: str = "") -> Self:
        """Build from plain values; every mistake is named in one `RecipeError`."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise RecipeError("; ".join(_mistakes(cls, error)), where=where) from error

    @classmethod
    def reason(cls, name: str) -> str:
        """Why the default of `name` is what it is."""
        extra = cls.model_fields[name].json_schema_extra
        return str(extra.get("reason", "")) if isinstance(extra, dict) else ""


def _mistakes(model: type[BaseModel], error: ValidationError) -> list[str]:
    found = []
    for item in error.errors():
        path = [str(part) for part in item["loc"]]
        name = ".".join(path)
        if item["type"] == "extra_forbidden":
            owner = _owner(model, path[:-1])
            found.append(f"unknown setting {name!r} ({did_you_mean(path[-1], owner.model_fields)})")
        else:
            said = item["msg"].removeprefix("Value error, ")  # pydantic's, before a validator's own words
            text = said[0].lower() + said[1:]
            if item["type"] in {"tuple_type", "list_type"}:
                text = f"write a list: [{item['input']!r}]"
            found.append(f"{name or 'settings'} = {item['input']!r}: {text}")
    return found


def _owner(model: type[BaseModel], path: list[str]) -> type[BaseModel]:
    for part in path:
        field = model.model_fields.get(part)
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            break
        model = inner
    return model
