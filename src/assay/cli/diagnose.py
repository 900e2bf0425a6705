"""`assay diagnose`: error analysis of a study."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli import options


def diagnose(
    study: Annotated[Path, typer.Argument(help="The folder of a study.", show_default=False)],
    bayes_error: Annotated[
        float | None, typer.Option(help="The lowest error that anyone can reach, if you know it.", min=0)
    ] = None,
    json: options.Json = False,
) -> None:
    """Say what is to blame for the error: bias, variance, or nothing that can be cured.

    Example: assay diagnose credit --bayes-error 0.15
    """
    from assay.cli.summary import print_diagnosis
    from assay.core.files import to_json
    from assay.study.analysis import diagnose_study
    from assay.study.study import Study

    record = diagnose_study(Study.open(study), bayes_error=bayes_error).to_json()
    if json:
        typer.echo(to_json(record))
    else:
        print_diagnosis(record)
