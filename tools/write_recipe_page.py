"""Writes docs/recipe.md from the settings, so that each setting is described once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

from assay.core.files import write_text
from assay.core.settings import Settings
from assay.study.recipe import Recipe

PAGE = Path(__file__).resolve().parents[1] / "docs" / "recipe.md"
HEAD = """# The recipe

Every choice of a run is a setting. Each has a default, and `recipe.toml` in the study's folder says which
value was used and why. Give a setting

- on the command line: `assay run DATA --target COL --out DIR --set training.epochs=50`;
- in a recipe file: `assay run recipe.toml --out DIR`;
- as a keyword: `assay.run(data, target="col", out="dir", training={"epochs": 50})`.

A setting that doesn't exist is refused, and the closest one that does is named. A recipe file holds only what
differs from the defaults; `data` is meant from where the recipe lies:

```toml
data = "breast_cancer.csv"
target = "diagnosis"

[network]
hidden = [32, 16]

[training]
epochs = 50
```

This page is made from the settings themselves by `make docs`.
"""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([HEAD, *_section(Recipe, "")])


def _section(settings: type[Settings], name: str) -> Iterator[str]:
    """The table of these settings, then the sections of those inside."""
    parts = {field: found for field in settings.model_fields if (found := _parts(settings, field))}
    yield f"## {name or 'The run'}\n"
    if name:
        yield f"{(settings.__doc__ or '').strip().splitlines()[0]}\n"
    yield "| setting | default | what it does | why this default |"
    yield "|---|---|---|---|"
    for field, info in settings.model_fields.items():
        if field not in parts:
            default = _shown(info.get_default(call_default_factory=True))
            cells = [f"`{field}`", default, info.description or "", settings.reason(field)]
            yield f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""
    for field, found in parts.items():
        for part, after in found:
            yield from _section(part, f"{name}.{field}".lstrip(".") + after)


def _parts(settings: type[Settings], field: str) -> list[tuple[type[Settings], str]]:
    """The settings that a field may hold, each with what its section's name says more than the field's."""
    annotation: Any = settings.model_fields[field].annotation
    inside = [
        inner
        for inner in (annotation, *get_args(annotation))
        if isinstance(inner, type) and issubclass(inner, Settings)
    ]
    if get_origin(annotation) is dict:
        return [(inner, ".NAME") for inner in inside]
    return [(inner, ", for images" if number else "") for number, inner in enumerate(inside)]


def _shown(default: Any) -> str:
    """A default as TOML writes it."""
    if default is None:
        return "absent"
    plain = list(default) if isinstance(default, tuple) else default
    return f"`{json.dumps(plain, ensure_ascii=False)}`"


def main() -> None:
    """Write the page."""
    write_text(PAGE, page())


if __name__ == "__main__":
    main()
