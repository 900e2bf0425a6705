"""Settings: typed, frozen, each with its help and its default's reason; unknown keys refused together."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assay.core.errors import RecipeError
from assay.core.mistakes import mistakes


def setting(default: Any, help: str, reason: str = "", *, example: Any = None, **limits: Any) -> Any:
    """A field of a `Settings` model.

    Args:
        default: the value when the user says nothing; mutable defaults are copied.
        help: what the setting does (also the command's help).
        reason: why the default is what it is; written beside it in `recipe.toml`.
        example: a value for messages, where the default is none.
        limits: pydantic's own, e.g. ``ge=0``.
    """
    return Field(
        default, description=help, json_schema_extra={"reason": reason, "example": example}, **limits
    )


class Settings(BaseModel):
    """Base of all settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    @classmethod
    def checked(cls, values: dict[str, Any], where: str = "") -> Self:
        """Build from plain values; every mistake is named in one `RecipeError`."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise RecipeError("; ".join(mistakes(cls, error, values)), where=where) from error

    @classmethod
    def reason(cls, name: str) -> str:
        """Why the default of `name` is what it is."""
        extra = cls.model_fields[name].json_schema_extra
        return str(extra.get("reason", "")) if isinstance(extra, dict) else ""
