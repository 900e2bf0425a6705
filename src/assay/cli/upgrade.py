"""`assay upgrade`: an older bundle in the newest format."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli import options


def upgrade(
    bundle: Annotated[Path, typer.Argument(help="A bundle, or the study that holds it.", show_default=False)],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="A new folder to write it to. (default: its own place)", show_default=False
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    """Rewrite a bundle of an older version in the newest format; it answers the same afterwards.

    Example: assay upgrade credit/bundle
    """
    from assay.bundle.upgrading import upgrade as upgrade_bundle
    from assay.core.files import to_json

    done = upgrade_bundle(bundle, out)
    if json:
        typer.echo(to_json(done))
    elif done.is_newer:
        typer.echo(f"{done.folder}: from format {done.before} to format {done.after}")
    else:
        copied = f", copied to {done.folder}" if out else ", left as it is"
        typer.echo(f"{bundle}: format {done.before} is the newest already{copied}")
