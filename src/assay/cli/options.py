"""Options that several commands share, and how they become choices of a recipe."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from assay.core.errors import RecipeError

Data = Annotated[
    Path,
    typer.Argument(
        help="CSV, TSV, Parquet, Arrow or Excel file; of images a folder or a Parquet file.",
        show_default=False,
    ),
]
RunData = Annotated[
    Path, typer.Argument(help="A data file, a folder of images, or a recipe (.toml).", show_default=False)
]
Workers = Annotated[
    int | None, typer.Option(help="Threads that decode images. (default: one a core, at most 8)", min=0)
]
Target = Annotated[
    str | None, typer.Option("--target", "-t", help="The column to predict.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
Task = Annotated[
    str | None, typer.Option(help="regression, binary or multiclass, when it is not to be inferred.")
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", help="A column to leave out (repeat).")]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help="COLUMN=KIND, when it is not to be inferred.")
]
SkipRows = Annotated[int | None, typer.Option(help="Lines above the header to skip.", min=0)]
Sheet = Annotated[str | None, typer.Option(help="Sheet of an Excel file.")]
Header = Annotated[
    bool | None, typer.Option("--header/--no-header", help="Whether the first row holds the names.")
]
TimeColumn = Annotated[str | None, typer.Option(help="The column that orders the rows.")]
GroupColumn = Annotated[str | None, typer.Option(help="Rows with equal values here stay in one part.")]
Budget = Annotated[
    str | None, typer.Option(help="Time for the whole command, e.g. 90s or 10m. (default: no limit)")
]
Goal = Annotated[str | None, typer.Option(help="Stop when the validation rows reach it, e.g. accuracy=0.8.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="Any setting of the recipe, e.g. training.epochs=50 (repeat)."),
]

ReadSettings = Annotated[
    list[str] | None,
    typer.Option("--set", help="Any setting of reading, e.g. day_first=true (repeat)."),
]


def pairs(items: Sequence[str] | None, option: str) -> dict[str, str]:
    """`NAME=VALUE` options as a dictionary.

    Raises:
        RecipeError: one of them has no `=`.
    """
    result = {}
    for item in items or ():
        name, sign, value = item.rpartition("=") if option == "--kind" else item.partition("=")
        if not sign or not name:
            raise RecipeError(f"{item!r} is not NAME=VALUE", where=option)
        result[name.strip()] = value.strip()
    return result


def literal(text: str) -> Any:
    """A TOML value (`3`, `true`, `[64, 32]`, `"x"`), or the text itself when it is none."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def settings(items: Sequence[str] | None) -> dict[str, Any]:
    """The `--set` options as choices by dotted name."""
    return {name: literal(value) for name, value in pairs(items, "--set").items()}


def read_settings(items: Sequence[str] | None) -> dict[str, Any]:
    """The `--set` options of a command that only reads, as choices of the reader; `read.` may be left out.

    Raises:
        RecipeError: a setting is of another part of the recipe, unknown, or has an impossible value.
    """
    from assay.data.reading import ReadSettings as Known

    found: dict[str, Any] = {}
    for name, value in settings(items).items():
        head, _, column = name.removeprefix("read.").partition(".")
        if column and head not in {"kinds", "levels"}:
            raise RecipeError(
                f"{name!r} is not about reading a file",
                hint=f"known here: {', '.join(Known.model_fields)}",
                where="--set",
            )
        found[head] = {**found.get(head, {}), column: value} if column else value
    return Known.checked(found, where="--set").model_dump(exclude_unset=True)


def need_sheets(data: Path, choices: dict[str, Any]) -> None:
    """Refuse a sheet for a file that has none.

    Raises:
        RecipeError: a sheet is named, and the file is no Excel file.
        DataError: there is no such file, or it holds no table.
    """
    from assay.data.reading.formats import Format, file_format

    if choices.get("sheet") is None:
        return
    form, _ = file_format(data)
    if form is not Format.EXCEL:
        raise RecipeError(f"--sheet is for Excel files, and {data.name} holds {form}", hint="leave it out")


def reading(
    *,
    task: str | None = None,
    ignore: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    skip_rows: int | None = None,
    sheet: str | None = None,
    header: bool | None = None,
    time_column: str | None = None,
    group_column: str | None = None,
) -> dict[str, Any]:
    """The reader's options that were given, by the names of its settings."""
    given: dict[str, Any] = {
        "task": task,
        "ignore": tuple(ignore or ()) or None,
        "kinds": pairs(kinds, "--kind") or None,
        "skip_rows": skip_rows,
        "sheet": sheet,
        "header": header,
        "time": time_column,
        "group": group_column,
    }
    return {name: value for name, value in given.items() if value is not None}
