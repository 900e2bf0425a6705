import pytest

import assay
from assay.core.errors import RecipeError
from assay.networks.shapes import Vector, Volume, read_size

COURSE = [
    ("64x64x3", "conv 1 k3", "62x62x1", 3 * 3 * 3 + 1),
    ("32x32x3", "conv 10 k5 p2", "32x32x10", 5 * 5 * 3 * 10 + 10),
    ("128x128x1", "conv 5 k5 s3", "42x42x5", 5 * 5 * 5 + 5),
    ("64x64x1", "conv 1 k8 p3 s3", "21x21x1", 8 * 8 + 1),
]


@pytest.mark.parametrize(("size", "layer", "output", "parameters"), COURSE)
def test_the_sizes_of_exercise_4_01(size, layer, output, parameters):
    report = assay.shapes(size, [layer])
    assert str(report.output) == output
    assert report.parameters == parameters


def test_the_sizes_of_exercise_4_02():
    report = assay.shapes("256x256x3", ["conv 16 k3 s1 p1", "pool 2", "conv 8 k7 s1 p3", "pool 2"])
    sizes = ["256x256x16", "128x128x16", "128x128x8", "64x64x8"]
    assert [str(row.output) for row in report.layers] == sizes
    assert [row.parameters for row in report.layers] == [448, 0, 6280, 0]
    assert report.output == Volume(64, 64, 8)


def test_the_network_of_activity_4_01_has_640_numbers_behind_flatten():
    blocks = [f"conv {filters} k3 s1 p1, relu, pool 2" for filters in (10, 20, 40)]
    report = assay.shapes("32x32x3", [*blocks, "flatten", "dropout 0.2", "linear 100", "relu", "linear 10"])
    row = report.layers[9]
    assert (row.layer, str(row.output), row.formula) == ("flatten", "640", "4*4*40 = 640")
    assert report.output == Vector(10)


@pytest.mark.parametrize(
    ("size", "layer", "formula"),
    [
        ("64x64x3", "conv 1 k3", "(64 - 3 + 2*0)/1 + 1 = 62"),
        ("64x64x1", "conv 1 k8 p3 s3", "(64 - 8 + 2*3)/3 + 1 = 21.67, down to 21"),
        ("9x9x1", "pool 2", "(9 - 2)/2 + 1 = 4.50, down to 4"),
        ("9x9x1", "pool 3 s2 p1", "(9 - 3 + 2*1)/2 + 1 = 5"),
        ("9x9x1", "conv 1 k3 d2", "(9 - 2*(3 - 1) - 1 + 2*0)/1 + 1 = 5"),
        ("9x9x1", "conv 1 k4 same", "same: 9"),
        ("9x7x1", "pool 2", "height (9 - 2)/2 + 1 = 4.50, down to 4; width (7 - 2)/2 + 1 = 3.50, down to 3"),
        ("9x9x1", "relu", ""),
    ],
)
def test_the_formula_has_its_numbers(size, layer, formula):
    assert assay.shapes(size, [layer]).layers[0].formula == formula


def test_parameters_have_a_formula_too():
    report = assay.shapes("8x8x3", "conv 16 k3x5 nobias, batchnorm, conv 4 k1 g4, flatten, linear 10")
    formulas = [row.parameter_formula for row in report.layers]
    assert formulas == ["3*5*3*16", "2*16", "1*1*4*4 + 4", "", "96*10 + 10"]
    for row in report.layers:
        assert eval(row.parameter_formula or "0") == row.parameters


def test_text_page_and_json_hold_every_layer():
    report = assay.shapes((28, 28, 1), ["conv 1200 k3", "flatten", "linear 10"])
    lines = str(report).splitlines()
    assert lines[0].split() == ["layer", "output", "size", "parameters", "multiply-adds", "sees"]
    assert lines[2].startswith("conv 1200 k3  26x26x1200  (28 - 3 + 2*0)/1 + 1 = 26")
    assert "12,000" in lines[2]
    assert lines[-1].split() == ["total", f"{report.parameters:,}", f"{report.multiply_adds:,}"]
    assert "<td style='text-align:left'>conv 1200 k3</td>" in report._repr_html_()
    plain = report.to_json()
    assert plain["input"] == "28x28x1"
    assert [row["layer"] for row in plain["layers"]] == ["conv 1200 k3", "flatten", "linear 10"]
    assert plain["layers"][0] | {"formula": "", "parameter_formula": ""} == {
        "layer": "conv 1200 k3",
        "output": "26x26x1200",
        "parameters": 12_000,
        "multiply_adds": 26 * 26 * 1200 * 9,
        "receptive_field": [3, 3],
        "formula": "",
        "parameter_formula": "",
    }


def test_layers_may_be_written_in_several_ways():
    same = [
        ["conv 16 k3 s2 p1", "maxpool 3 s2", "linear 4"],
        ["Conv2d 16 kernel=3 stride=2 padding=1", "pool k3 s2", "dense 4"],
        ["  conv  16 p1 s2 k3 ", "pool 3x3 s2x2", "linear 4"],
    ]
    reports = [assay.shapes("33x33x3", [*layers[:2], "flatten", layers[2]]) for layers in same]
    assert len({tuple(str(row.output) for row in report.layers) for report in reports}) == 1


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (["pool 2"] * 5, ["layer 4", "after 3 poolings (layers 1, 2, 3)", "leave this pooling out", "32x32"]),
        (["conv 4 k11 p1"], ["kernel of 11", "padded height 8 + 2*1 = 10", "k10 or less", "p2 or more"]),
        (["conv 4 k3 d4"], ["reaches over 9", "k2 or less", "p1 or more", "9x9"]),
        (["conv 4 k3x9"], ["width 8", "k8 or less"]),
        (["pool 2", "pool 2", "conv 4 k3"], ["image is 2x2x3 after 2 poolings", "at least 12x12"]),
        (["linear 10"], ["gets 8x8x3", "put flatten before it", "192 numbers"]),
        (["flatten", "relu", "conv 4 k3"], ["gets 192 numbers", "before flatten, which is layer 1"]),
        (["flaten"], ["unknown layer 'flaten'", "did you mean 'flatten'?"]),
        (["16"], ["unknown layer '16'", "quotes"]),
        (["conv"], ["how many filters", "e.g. conv 16 k3"]),
        (["conv 0 k3"], ["how many filters", "'0'"]),
        (["conv 4"], ["no kernel size", "conv 4 k3"]),
        (["conv 4 k0"], ["k must be at least 1"]),
        (["conv 4 k3 k5"], ["k twice"]),
        (["conv 4 k3 z2"], ["no option 'z2'", "k (kernel), s (stride)"]),
        (["conv 4 k3 s2 same"], ["same", "stride 1"]),
        (["conv 4 k3 g2"], ["2 groups do not divide the 3 channels"]),
        (["conv 4 k3 g3"], ["3 groups do not divide the 4 filters"]),
        (["pool"], ["pool has no size", "pool 2"]),
        (["pool 2 p2"], ["more than half", "take p1"]),
        (["avgpool 2 d2"], ["avgpool has no option 'd2'"]),
        (["relu 3"], ["relu has no option '3'", "write relu alone"]),
        (["dropout 1.5"], ["from 0 to below 1", "gets 1.5"]),
        ([], ["no layer is given"]),
        ([3], ["a layer is a text"]),
    ],
)
def test_a_misfit_names_the_number_to_change(layers, said):
    with pytest.raises(RecipeError) as caught:
        assay.shapes("8x8x3", layers)
    for words in said:
        assert words in str(caught.value)


def test_the_smallest_image_that_is_named_fits_and_one_less_does_not():
    layers = ["conv 4 k5 s2", "pool 3 s2 p1", "conv 8 k3 d2", "pool 2", "pool 2"]
    with pytest.raises(RecipeError, match="at least 33x33"):
        assay.shapes("12x40x3", layers)
    assert assay.shapes("33x33x3", layers).output == Volume(1, 1, 8)
    with pytest.raises(RecipeError):
        assay.shapes("33x32x3", layers)


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ("8x8", "no channels"),
        ("3x32x32", "height x width x channels: 32x32x3"),
        ("axb", "is no size"),
        ("0x8x3", "is no size"),
        ("1x2x3x4", "is no size"),
        ((8, 8, 3.0), "is no size"),
        ((True, 8, 3), "is no size"),
        ("", "is no size"),
    ],
)
def test_an_input_that_is_no_size(size, said):
    with pytest.raises(RecipeError, match=said):
        read_size(size)


def test_inputs_as_text_and_as_numbers():
    assert read_size("256 x 128 X 3") == read_size((256, 128, 3)) == Volume(256, 128, 3)
    assert read_size("22") == read_size([22]) == Vector(22)
    assert read_size((3, 32, 32)) == Volume(3, 32, 32)  # numbers are taken at their word


def test_a_row_of_numbers_goes_through_linear_layers():
    report = assay.shapes("22", ["linear 100", "batchnorm", "relu", "flatten", "linear 2"])
    assert [row.parameters for row in report.layers] == [2300, 200, 0, 0, 202]
    assert report.multiply_adds == 2200 + 200
