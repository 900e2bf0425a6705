"""`assay test`: opens the seal."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli import options


def test(
    study: Annotated[Path, typer.Argument(help="The folder of a study.", show_default=False)],
    data: Annotated[Path | None, typer.Option(help="The data file, if it has moved since the run.")] = None,
    json: options.Json = False,
) -> None:
    """Open the sealed test rows, once for each bundle, and record it.

    Example: assay test credit
    """
    from assay.cli.console import remarks
    from assay.cli.summary import print_test
    from assay.study.opening import open_seal
    from assay.study.study import Study

    opened = Study.open(study)
    if opened.improvement.get("ended", "") is None:
        remarks().print(
            "The remedies of this study are not finished (assay improve goes on): what is chosen after the "
            "test rows were seen is tested on rows that are no longer new.",
            soft_wrap=True,
        )
    print_test(open_seal(opened, data), as_json=json)
