"""`assay data`: public data sets."""

from typing import Annotated

import typer

from assay.cli import options

app = typer.Typer(help="Public data sets: official source, checksum, cache.", no_args_is_help=True)


@app.command("list")
def list_(json: options.Json = False) -> None:
    """List the data sets that `assay data fetch` knows, and which are on this machine.

    Example: assay data list
    """
    from assay.cli.console import results
    from assay.cli.dataset_table import dataset_table
    from assay.core.files import to_json
    from assay.data.catalogue import datasets

    if json:
        typer.echo(to_json([dataset.to_json() for dataset in datasets()]))
    else:
        results().print(dataset_table(datasets()))


@app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="A name from `assay data list`.", show_default=False)],
) -> None:
    """Fetch a data set into the cache, and print the file's path.

    `ASSAY_DATA` names a folder that is looked in first.

    Example: assay data fetch year
    """
    from assay.cli.download_bar import DownloadBar
    from assay.data.catalogue import fetch as fetch_dataset

    with DownloadBar() as bar:
        path = fetch_dataset(name, progress=bar)
    typer.echo(str(path))
