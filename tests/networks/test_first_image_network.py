import pytest

from assay.core.task import Task
from assay.networks import build_image_network, first_image_network


@pytest.mark.parametrize(
    ("shape", "num_rows", "widths", "final_pool"),
    [
        ((3, 32, 32), 40_000, (32, 64, 128), None),
        ((1, 28, 28), 60_000, (32, 64), None),
        ((3, 224, 224), 800, (16, 32, 64, 128, 256), "average"),
        ((3, 16, 16), 60, (16, 32), "average"),
        ((3, 4, 4), 5_000, (32,), None),
        ((3, 1024, 768), 50_000, (32, 64, 128, 256, 256, 256), "average"),
    ],
)
def test_it_halves_the_image_until_little_is_left(shape, num_rows, widths, final_pool):
    settings, reasons = first_image_network(shape, 10, num_rows, Task.MULTICLASS)
    assert settings.widths == widths
    assert settings.final_pool == final_pool
    assert f"{num_rows:,} training images" in reasons["widths"]
    assert set(reasons) - {"outputs"} <= set(type(settings).model_fields)
    network = build_image_network(settings, shape, 10)
    assert network.shapes.output.count == 10


def test_a_value_has_one_output():
    _, reasons = first_image_network((3, 32, 32), 1, 5_000, Task.REGRESSION)
    assert reasons["outputs"] == "one, the value"


def test_the_smallest_image_gets_a_network():
    settings, _ = first_image_network((1, 2, 3), 2, 100, Task.BINARY)
    assert build_image_network(settings, (1, 2, 3), 2).shapes.output.count == 2
