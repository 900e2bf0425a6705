"""`assay run`: the main job."""

from pathlib import Path
from typing import Annotated, Any

import typer

from assay.cli import options


def run(
    data: options.RunData,
    out: Annotated[Path, typer.Option("--out", "-o", help="The study's folder.", show_default=False)],
    target: options.Target = None,
    seed: Annotated[int | None, typer.Option(help="Names every random choice. (default: 0)", min=0)] = None,
    rounds: Annotated[
        int | None, typer.Option(help="Rounds of remedies after the first training. (default: 3)", min=0)
    ] = None,
    budget: options.Budget = None,
    goal: options.Goal = None,
    bayes_error: Annotated[
        float | None, typer.Option(help="The lowest error that anyone can reach, if you know it.", min=0)
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="accuracy, balanced_accuracy, roc_auc, rmse, ...")
    ] = None,
    split: Annotated[str | None, typer.Option(help="random, time or group. (default: auto)")] = None,
    time_column: options.TimeColumn = None,
    group_column: options.GroupColumn = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.")] = None,
    workers: options.Workers = None,
    task: options.Task = None,
    ignore: options.Ignore = None,
    kind: options.Kinds = None,
    skip_rows: options.SkipRows = None,
    sheet: options.Sheet = None,
    header: options.Header = None,
    settings: options.Settings = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from an interrupted run.")] = False,
    json: options.Json = False,
) -> None:
    """Split, prepare, train, diagnose, try remedies, and write a bundle and a report.

    Example: assay run credit_default.csv --target "default payment next month" --out credit
    Images: assay run flowers --out study (a folder with one folder a class)
    """
    from assay.cli.summary import print_study
    from assay.cli.training_bar import TrainingBar
    from assay.study.run import run as run_study

    choices: dict[str, Any] = {
        "target": target, "seed": seed, "rounds": rounds, "budget": budget, "images.workers": workers,
        "goal": goal, "bayes_error": bayes_error, "metric": metric, "split.method": split, "device": device,
    }  # fmt: skip
    reading = options.reading(
        task=task, ignore=ignore, kinds=kind, skip_rows=skip_rows, sheet=sheet, header=header,
        time_column=time_column, group_column=group_column,
    )  # fmt: skip
    given = {name: value for name, value in choices.items() if value is not None}
    given |= {f"read.{name}": value for name, value in reading.items()}
    given |= options.settings(settings)
    is_recipe = data.suffix.lower() == ".toml"
    if not is_recipe:
        options.need_sheets(data, reading)
    with TrainingBar() as progress:
        if is_recipe:
            study = run_study(None, recipe=data, out=out, progress=progress, resume=resume, **given)
        else:
            study = run_study(data, out=out, progress=progress, resume=resume, **given)
    print_study(study, as_json=json)
