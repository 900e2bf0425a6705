"""`assay improve`: more remedies."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli import options


def improve(
    study: Annotated[Path, typer.Argument(help="The folder of a study.", show_default=False)],
    rounds: Annotated[
        int | None, typer.Option(help="Rounds more. (default: as the study was run with, or 3)", min=1)
    ] = None,
    budget: options.Budget = None,
    goal: options.Goal = None,
    data: Annotated[Path | None, typer.Option(help="The data file, if it has moved since the run.")] = None,
    json: options.Json = False,
) -> None:
    """Try remedies against what is to blame, and keep those that help beyond noise.

    The same command goes on where it was interrupted.

    Example: assay improve credit --rounds 2 --budget 10m --goal accuracy=0.83
    """
    from assay.cli.summary import print_study
    from assay.cli.training_bar import TrainingBar
    from assay.study.improve import improve as improve_study

    with TrainingBar() as progress:
        improved = improve_study(study, rounds=rounds, budget=budget, goal=goal, data=data, progress=progress)
    print_study(improved, as_json=json)
