"""The calculus beside torch's own layers: any stack that fits has the same sizes, parameters and costs."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from assay.core.errors import RecipeError
from assay.networks.layer_modules import modules
from assay.networks.shapes import Volume, shapes

SIDES = st.integers(1, 24)
WORDS = st.sampled_from(["relu", "batchnorm", "dropout 0.3", "gelu", "silu"])


@st.composite
def convolutions(draw: st.DrawFn) -> str:
    pair = st.tuples(st.integers(1, 5), st.integers(1, 5))
    kernel, stride, dilation = draw(pair), draw(pair), draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    padding = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
    text = f"conv {2 * draw(st.integers(1, 3))} k{kernel[0]}x{kernel[1]} d{dilation[0]}x{dilation[1]}"
    if draw(st.booleans()):
        text += " same"
    else:
        text += f" s{stride[0]}x{stride[1]} p{padding[0]}x{padding[1]}"
    return text + draw(st.sampled_from(["", " nobias", " g2"]))


@st.composite
def poolings(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(["pool", "avgpool"]))
    kernel = draw(st.integers(1, 4))
    padding, stride = draw(st.integers(0, kernel // 2)), draw(st.integers(1, 3))
    dilation = f" d{draw(st.integers(1, 2))}" if name == "pool" else ""
    return f"{name} {kernel}" + draw(st.sampled_from(["", f" s{stride} p{padding}{dilation}"]))


@st.composite
def stacks(draw: st.DrawFn) -> list[str]:
    layers = draw(st.lists(st.one_of(convolutions(), poolings(), WORDS), min_size=1, max_size=5))
    if draw(st.booleans()):
        layers += [
            *draw(st.sampled_from([[], ["globalpool"], ["globalmaxpool"]])),
            "flatten",
            "linear 7",
            "relu",
        ]
    return layers


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SIDES, SIDES, st.sampled_from([2, 4]), stacks())
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_sizes_parameters_and_costs_are_those_of_torch(height, width, channels, layers):
    try:
        report = shapes((height, width, channels), layers)
    except RecipeError:
        with pytest.raises((RuntimeError, ValueError)):
            twin_of_a_misfit(height, width, channels, layers)
        return
    body = modules(report).eval()
    x = torch.zeros(2, channels, height, width)
    for module, row in zip(body, report.layers, strict=True):
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            x = module(x)
        size = row.output
        expected = (size.channels, size.height, size.width) if isinstance(size, Volume) else (size.count,)
        assert tuple(x.shape[1:]) == expected, row.layer
        assert counter.get_total_flops() == 2 * 2 * row.multiply_adds, row.layer  # two images, two operations
        assert sum(weight.numel() for weight in module.parameters()) == row.parameters, row.layer


def twin_of_a_misfit(height: int, width: int, channels: int, layers: list[str]) -> None:
    """Torch's layers made straight from the texts, the channels found on the way; raises as torch does."""
    x = torch.zeros(2, channels, height, width, device="meta")
    for text in layers:
        name, *words = text.split()
        given_as = {word[0]: word[1:].split("x") for word in words if word[0].isalpha() and word[1].isdigit()}
        pair = {key: tuple(map(int, numbers)) for key, numbers in given_as.items()}
        if name == "conv":
            padding = "same" if "same" in words else pair["p"]
            sizes = pair["k"], pair.get("s", 1), padding, pair["d"], pair.get("g", (1,))[0]
            x = nn.Conv2d(x.shape[1], int(words[0]), *sizes, device="meta")(x)
        elif name in {"pool", "avgpool"}:
            kernel = int(words[0])
            sizes = kernel, pair.get("s", (kernel,))[0], pair.get("p", (0,))[0]
            dilation = pair.get("d", (1,))[0]
            x = nn.MaxPool2d(*sizes, dilation=dilation)(x) if name == "pool" else nn.AvgPool2d(*sizes)(x)


WINDOWS = st.tuples(st.booleans(), st.integers(1, 4), st.integers(1, 3), st.integers(1, 2))


@settings(max_examples=60, deadline=None)
@given(st.lists(WINDOWS, min_size=1, max_size=4))
def test_the_receptive_field_is_where_the_gradient_arrives(windows):
    layers = [
        f"conv 1 k{kernel} s{stride} d{dilation}" if is_conv else f"avgpool {kernel} s{stride}"
        for is_conv, kernel, stride, dilation in windows
    ]
    report = shapes((120, 120, 1), layers) if fits(layers) else None
    if report is None:
        return
    body = modules(report)
    for module in body:
        for weight in module.parameters():
            nn.init.ones_(weight)
    x = torch.zeros(1, 1, 120, 120, requires_grad=True)
    body(x)[0, 0, 0, 0].backward()
    rows, columns = x.grad[0, 0].nonzero(as_tuple=True)
    assert report.layers[-1].receptive_field == (int(rows.max()) + 1, int(columns.max()) + 1)


def fits(layers: list[str]) -> bool:
    try:
        shapes((120, 120, 1), layers)
    except RecipeError:
        return False
    return True


@pytest.mark.parametrize("last", [["globalpool"], ["flatten", "linear 3", "linear 2"]])
def test_a_layer_that_sees_every_number_sees_the_whole_image(last):
    report = shapes("32x20x3", ["conv 4 k3 p1", "pool 2", "conv 4 k3 p1", "pool 2", *last])
    assert [row.receptive_field[0] for row in report.layers[:4]] == [3, 4, 8, 10]
    assert report.layers[-1].receptive_field == (10 + 7 * 4, 10 + 4 * 4)
