"""Follows a shape through layers, and says at which one it stops fitting, and which number to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ParamSpec, TypeVar

from assay.core.errors import RecipeError
from assay.networks.shapes.layers import Flatten, Layer, Pool
from assay.networks.shapes.reading import read_layer, read_layers
from assay.networks.shapes.receptive_field import ReceptiveField
from assay.networks.shapes.report import Row, ShapeReport
from assay.networks.shapes.size import Shape, Volume, read_size

P = ParamSpec("P")
T = TypeVar("T")


def shapes(input: str | Sequence[int] | Shape, layers: str | Iterable[str]) -> ShapeReport:
    """Output size, parameters and multiply-adds after each layer.

    Args:
        input: ``"256x256x3"`` or ``(256, 256, 3)``: height, width, channels; ``"22"``: numbers of a row.
        layers: ``["conv 16 k3 s1 p1", "pool 2", "flatten", "linear 10"]``, as `read_layer` takes them.

    Raises:
        RecipeError: a layer cannot be read, or does not fit; it names the layer and the number to change.

    Example:
        >>> shapes("64x64x3", ["conv 1 k3"]).output
        Volume(height=62, width=62, channels=1)
    """
    texts = read_layers(layers)
    if not texts:
        raise RecipeError("no layer is given", hint="e.g. 'conv 16 k3 s1 p1' 'pool 2'")
    start = shape = read_size(input)
    found = [_located(read_layer, text, number, text) for number, text in enumerate(texts, start=1)]
    field = ReceptiveField.of(start)
    rows = list[Row]()
    for index, (text, layer) in enumerate(zip(texts, found, strict=True)):
        output = _located(_output, text, index + 1, found, index, shape)
        field = field.after(layer, output)
        rows.append(
            Row(
                layer=text,
                output=output,
                formula=layer.formula(shape),
                parameters=layer.parameters(shape),
                parameter_formula=layer.parameter_formula(shape),
                multiply_adds=layer.multiply_adds(shape),
                receptive_field=field.size,
            )
        )
        shape = output
    return ShapeReport(start, tuple(rows))


def _located(act: Callable[P, T], text: str, number: int, *given: P.args, **named: P.kwargs) -> T:
    """What `act` gives; its errors say which layer they are about."""
    try:
        return act(*given, **named)
    except RecipeError as error:
        raise RecipeError(error.message, hint=error.hint, where=f"layer {number}, {text!r}") from error


def _output(layers: Sequence[Layer], index: int, shape: Shape) -> Shape:
    """The output of one of the layers; a misfit is told with what led to it."""
    layer = layers[index]
    try:
        return layer.output(shape)
    except RecipeError as error:
        if isinstance(shape, Volume) and not _fits(layer, shape):
            raise _misfit(layers, index, shape, error) from error
        flattened = [number for number, one in enumerate(layers[:index], start=1) if isinstance(one, Flatten)]
        if flattened and layer.windows:
            hint = f"put it before flatten, which is layer {flattened[0]}"
            raise RecipeError(error.message, hint=hint) from error
        raise


def _fits(layer: Layer, volume: Volume) -> bool:
    """Whether the layer's windows have a place on the volume."""
    height, width = layer.windows or (None, None)
    return all(
        window is None or window.output(side) > 0
        for window, side in [(height, volume.height), (width, volume.width)]
    )


def _misfit(layers: Sequence[Layer], index: int, shape: Shape, error: RecipeError) -> RecipeError:
    """The image has become too small for the kernel: name what shrank it, and how large it has to be."""
    message, hint = error.message, error.hint
    pools = [str(number) for number, one in enumerate(layers[:index], start=1) if isinstance(one, Pool)]
    if pools:
        ending = "s" if len(pools) > 1 else ""
        after = f"{len(pools)} pooling{ending} (layer{ending} {', '.join(pools)})"
        message = f"the image is {shape} after {after}: {message}"
    if isinstance(layers[index], Pool):
        message += ", so that an output of size 0 would be left"
        hint = "leave this pooling out"
    height, width = _least(layers)
    return RecipeError(message, hint=f"{hint}, or give images of at least {height}x{width}")


def _least(layers: Sequence[Layer]) -> tuple[int, int]:
    """The smallest height and width of an input that every window fits on."""
    sides = [1, 1]
    for layer in reversed(layers):
        if layer.windows:
            sides = [window.least(side) for window, side in zip(layer.windows, sides, strict=True)]
    return sides[0], sides[1]
