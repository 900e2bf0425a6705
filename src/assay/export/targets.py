"""What an export can be asked for, and what of it this machine can build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec

from assay.core.errors import MissingPartError, RecipeError, did_you_mean
from assay.export.compiler import HINT, missing_compiler

TARGETS = ("torchscript", "pt2", "onnx", "cpp", "browser")
AOTI = "aoti"
"""The compiled package: no target of its own, since `pt2` and `cpp` bring it."""

_BRINGS = {"pt2": (AOTI,), "cpp": ("torchscript", "pt2", AOTI), "browser": ("onnx",)}
_ONNX_PARTS = ("onnx", "onnxscript", "onnxruntime")
_ONNX_HINT = "pip install 'assay[export]'"


@dataclass(frozen=True)
class Targets:
    """What is written.

    Attributes:
        names: of `TARGETS` and `AOTI`, with all that they bring.
        left_out: what this machine cannot build, and why; nothing of it was asked for by name.
    """

    names: frozenset[str]
    left_out: dict[str, str] = field(default_factory=dict)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    @classmethod
    def of(cls, to: str | Sequence[str] | None = None) -> Targets:
        """What was asked for; None: all that can be built here.

        Args:
            to: names, or one text with commas between them.

        Raises:
            RecipeError: no target has this name.
            MissingPartError: a target that was named cannot be built here.
        """
        named = _names(to)
        names = {part for name in named or TARGETS for part in (name, *_BRINGS.get(name, ()))}
        left_out = {name: problem for name in sorted(names) if (problem := _missing(name))}
        if named and left_out:
            name, problem = next(iter(left_out.items()))
            raise MissingPartError(
                f"{', '.join(named)} cannot be written: {problem}", hint=_hint(name), where="--to"
            )
        return cls(
            frozenset(names - set(left_out)),
            {name: f"{problem} ({_hint(name)})" for name, problem in left_out.items()},
        )


def _names(to: str | Sequence[str] | None) -> list[str]:
    if to is None:
        return []
    given = to.split(",") if isinstance(to, str) else list(to)
    names = [name.strip().lower() for name in given]
    unknown = [name for name in names if name not in TARGETS]
    if unknown or not names:
        named = repr(unknown[0]) if unknown else "nothing"
        raise RecipeError(
            f"{named} is no target of an export",
            hint=did_you_mean(" ".join(unknown[:1]), TARGETS),
            where="--to",
        )
    return names


def _missing(name: str) -> str:
    """Why a target cannot be built here; empty where it can."""
    if name in {"cpp", AOTI}:
        return missing_compiler()
    if name in {"onnx", "browser"}:
        absent = [part for part in _ONNX_PARTS if find_spec(part) is None]
        return f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} not installed" if absent else ""
    return ""


def _hint(name: str) -> str:
    return _ONNX_HINT if name in {"onnx", "browser"} else HINT
