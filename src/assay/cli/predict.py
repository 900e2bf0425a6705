"""`assay predict`: batch prediction."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli import options


def predict(
    bundle: Annotated[Path, typer.Argument(help="A bundle, or the study that holds it.", show_default=False)],
    data: options.Data,
    out: Annotated[Path, typer.Option("--out", "-o", help="The CSV file to write.", show_default=False)],
    skip_rows: options.SkipRows = None,
    sheet: options.Sheet = None,
    header: options.Header = None,
) -> None:
    """Predict every row of a file, row order kept, with the probability of each class.

    Example: assay predict credit/bundle new.csv --out predictions.csv
    """
    from assay.bundle.bundle import load
    from assay.bundle.predictions import write_predictions
    from assay.cli.console import remarks

    loaded = load(bundle)
    reading = options.reading(skip_rows=skip_rows, sheet=sheet, header=header)
    rows = write_predictions(loaded, data, out, **reading)
    remarks().print(f"{rows:,} predictions: {out}")
