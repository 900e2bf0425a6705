"""`assay shapes`: sizes, parameters and costs of layers, by arithmetic alone."""

from typing import Annotated

import typer

from assay.cli import options


def shapes(
    size: Annotated[
        str,
        typer.Argument(
            metavar="INPUT",
            help="Height x width x channels, e.g. 256x256x3; or one number for a row of a table.",
            show_default=False,
        ),
    ],
    layers: Annotated[
        list[str],
        typer.Argument(
            metavar="LAYER...",
            help="Each in quotes: 'conv 16 k3 s1 p1' (kernel, stride, padding, dilation d, groups g, same, "
            "nobias), 'pool 2', 'pool 3 s2 p1', 'avgpool 2', globalpool, flatten, 'linear 100', batchnorm, "
            "'dropout 0.2', relu, gelu, silu, tanh, sigmoid.",
            show_default=False,
        ),
    ],
    json: options.Json = False,
) -> None:
    """Show output size, parameters and multiply-adds after each layer, with the formula filled in.

    Example: assay shapes 256x256x3 "conv 16 k3 s1 p1" "pool 2" "conv 8 k7 s1 p3" "pool 2"
    """
    from assay.core.files import to_json
    from assay.networks.shapes import shapes as calculate

    report = calculate(size, layers)
    typer.echo(to_json(report.to_json()) if json else str(report))
