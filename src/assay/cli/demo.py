"""`assay demo`: the main job on a real data set that comes with scikit-learn; no network."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="A new folder. (default: assay-demo)")
    ] = None,
) -> None:
    """Run the main job on the Wisconsin breast-cancer data, and say what to type next.

    Example: assay demo
    """
    from assay.cli.summary import print_next_steps, print_study
    from assay.cli.training_bar import TrainingBar
    from assay.study.demo import write_demo_data
    from assay.study.run import run as run_study

    folder = out or _new_folder(Path("assay-demo"))
    data = write_demo_data(folder)
    with TrainingBar() as progress:
        study = run_study(data, target="diagnosis", out=folder / "study", progress=progress)
    print_study(study)
    print_next_steps(study, data)


def _new_folder(wanted: Path) -> Path:
    folder, number = wanted, 1
    while folder.exists():
        number += 1
        folder = wanted.with_name(f"{wanted.name}-{number}")
    return folder
