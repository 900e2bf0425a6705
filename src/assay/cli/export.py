"""`assay export`: a bundle for every runtime, with the proof that they agree."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli import options

if TYPE_CHECKING:
    import numpy as np

    from assay.study.study import Study


def export(
    bundle: Annotated[Path, typer.Argument(help="A bundle, or the study that holds it.", show_default=False)],
    to: Annotated[
        str | None,
        typer.Option(
            help="torchscript, pt2, onnx, cpp, browser, with commas between. (default: all that can be built)"
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The folder to write. (default: export, beside the bundle)"),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="The study's data file, if it has moved since the run.")
    ] = None,
    runtime: Annotated[
        Path | None, typer.Option(help="The folder of onnxruntime-web's files, for the browser.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Write a bundle for other runtimes, run each file there, and prove that it answers as the bundle does.

    Example: assay export credit --to onnx,cpp
    """
    from assay.cli.console import remarks
    from assay.cli.export_summary import print_export
    from assay.core.files import to_json
    from assay.export.exporting import default_place, export
    from assay.export.targets import Targets
    from assay.study.validation_rows import study_of

    Targets.of(to)  # what cannot be built is said before the rows are read
    study = study_of(bundle)
    with remarks().status("reading the rows") as status:
        rows = _real_rows(study, data)
        with _warnings_as_remarks():
            exported = export(bundle, out, to, rows, web_runtime=runtime, tell=status.update)
    if study is not None and exported.folder.resolve() == default_place(bundle).resolve():
        _redraw(study)
    if json:
        typer.echo(to_json(exported.to_json()))
    else:
        print_export(exported)


def _real_rows(study: "Study | None", data: Path | None) -> "np.ndarray | None":
    """Validation rows of the study; None where the bundle lies in none, or its rows are not at hand."""
    from assay.core.errors import RecipeError
    from assay.export.parity_rows import MOST_ROWS
    from assay.study.validation_rows import validation_rows

    if study is not None:
        return validation_rows(study, MOST_ROWS, data)
    if data is not None:
        raise RecipeError(
            "the bundle lies in no study, so the file's validation rows are not known",
            hint="leave --data out: rows are then drawn from the bundle's schema",
        )
    return None


@contextmanager
def _warnings_as_remarks() -> Iterator[None]:
    """A warning of ours as a line, once each, without the place in our code that gave it."""
    from assay.cli.console import remarks

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FutureWarning)
        yield
    for text in dict.fromkeys(str(warning.message) for warning in caught):
        remarks().print(f"note: {text}", markup=False, soft_wrap=True)


def _redraw(study: "Study") -> None:
    """The study's report, which shows what was exported."""
    from assay.reports.study_report import write_study_report

    write_study_report(study.folder)
