import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from assay.networks.pooling import HalvingMaxPool, final_pooling


@pytest.mark.parametrize("shape", [(2, 3, 8, 8), (2, 3, 7, 9), (1, 1, 2, 3)])
def test_the_four_slices_are_torchs_maxima(shape):
    x = torch.randn(shape, requires_grad=True)
    y = torch.randn_like(F.max_pool2d(x, 2))
    (expected,) = torch.autograd.grad((F.max_pool2d(x, 2) * y).sum(), x)
    layer = torch.compile(HalvingMaxPool().train(), backend="eager")
    outcome = layer(x)
    torch.testing.assert_close(outcome, F.max_pool2d(x, 2))
    (found,) = torch.autograd.grad((outcome * y).sum(), x)
    torch.testing.assert_close(found, expected)


def test_only_compiled_training_takes_them():
    def layers(*, training: bool) -> list[str]:
        called = []

        def look(graph, _):
            called.extend(str(node.target) for node in graph.graph.nodes if node.op == "call_function")
            return graph.forward

        torch._dynamo.reset()
        torch.compile(HalvingMaxPool().train(training), backend=look)(torch.randn(1, 1, 4, 4))
        return called

    assert any("maximum" in name for name in layers(training=True))
    assert not any("maximum" in name for name in layers(training=False))


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("average", lambda x: x.mean((2, 3))),
        ("max", lambda x: x.amax((2, 3))),
        ("none", lambda x: x.flatten(1)),
    ],
)
def test_the_last_maps_become_a_row(how, expected):
    x = torch.randn(2, 4, 3, 5)
    torch.testing.assert_close(final_pooling(how, 3, 5)(x), expected(x))
