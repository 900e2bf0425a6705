import pytest
import torch

from assay.networks.dropout import Dropout


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.999])
def test_share_and_mean(share):
    num = 400_000
    out = Dropout(share)(torch.ones(1000, 400))
    kept = 1 - round(share * 65536) / 65536
    assert torch.allclose(out[out != 0], torch.tensor(1 / kept))
    error = ((1 - kept) * kept / num) ** 0.5
    assert abs(float((out == 0).double().mean()) - share) < 5 * error + 1 / 65536


@pytest.mark.parametrize("shape", [(1,), (3,), (7, 5), (2, 3, 5)])
def test_any_shape_and_units_fall_independently(shape):
    torch.manual_seed(1)
    drops = torch.stack([Dropout(0.5)(torch.ones(shape)) for _ in range(2000)]).flatten(1) == 0
    assert drops.shape[1] == torch.Size(shape).numel()
    shares = drops.double().mean(dim=0)
    assert (shares - 0.5).abs().max() < 0.06
    if drops.shape[1] > 1:
        agreement = (drops[:, :-1] == drops[:, 1:]).double().mean(dim=0)  # of neighbours, which share a draw
        assert (agreement - 0.5).abs().max() < 0.06


def test_evaluation_and_zero_leave_everything():
    x = torch.randn(4, 4)
    assert torch.equal(Dropout(0.5).eval()(x), x)
    assert torch.equal(Dropout(0.0)(x), x)


def test_gradient_flows_where_the_value_did():
    x = torch.ones(50, 7, requires_grad=True)
    out = Dropout(0.3)(x)
    out.sum().backward()
    assert torch.equal(x.grad, out.detach())


def test_the_seed_decides():
    x = torch.ones(64)
    torch.manual_seed(3)
    first = Dropout(0.5)(x)
    torch.manual_seed(3)
    assert torch.equal(first, Dropout(0.5)(x))
    assert not torch.equal(first, Dropout(0.5)(x))


def test_half_precision():
    out = Dropout(0.5)(torch.ones(1000, dtype=torch.bfloat16))
    assert out.dtype == torch.bfloat16 and set(out.tolist()) == {0.0, 2.0}
