import pytest
import torch
from every_image_network import images

from assay.core.errors import RecipeError
from assay.networks import ResidualCNN
from assay.networks.whitening import Whitening


def test_whitening_makes_patches_uncorrelated_and_of_one_variance():
    smooth = torch.nn.functional.avg_pool2d(images(64, (3, 34, 34)), 3, stride=1) * 3
    layer = Whitening(3, 2)
    layer.fit(smooth)
    found = layer(smooth).permute(1, 0, 2, 3).flatten(1)[:12]  # the other half are the same, negated
    covariance = found @ found.T / found.shape[1]
    torch.testing.assert_close(covariance, torch.eye(12), atol=0.02, rtol=0)
    torch.testing.assert_close(layer.weight[12:], -layer.weight[:12])


def test_fewer_filters_are_those_of_the_largest_variance():
    x = images(64) * torch.tensor([10.0, 1.0, 0.1])[:, None, None]
    layer = Whitening(3, 1, filters=2)
    layer.fit(x)
    weight = layer.weight[0].flatten().abs()
    assert weight.argmax() == 0
    assert weight[0] == pytest.approx(0.1, rel=0.05)


def test_whitening_stays_as_it_is_while_the_network_learns():
    network = ResidualCNN((3, 16, 16), 4, widths=(8, 8), whitening=2)
    network.fit_whitening(images(32, (3, 16, 16)))
    before = network.stem[0].weight.clone()
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.1, weight_decay=0.1)
    for _ in range(3):
        network(images(8, (3, 16, 16))).square().sum().backward()
        optimizer.step()
    assert torch.equal(network.stem[0].weight, before)
    assert network.stem[0].bias.abs().max() > 0


def test_many_images_are_looked_at_in_part():
    from assay.networks import whitening

    wide = images(40, (3, 8, 8))
    before, whitening._MOST_PATCHES = whitening._MOST_PATCHES, 500
    try:
        assert len(whitening._patches(wide, 2)) == 10 * 49
    finally:
        whitening._MOST_PATCHES = before


def test_a_start_at_the_identity_hands_the_image_on():
    network = ResidualCNN((3, 16, 16), 2, widths=(8,), convs=(3,), skip=False, identity_start=True)
    convs = [module for module in network.modules() if isinstance(module, torch.nn.Conv2d)]
    x = images(2, (3, 16, 16))
    torch.testing.assert_close(convs[0](x)[:, :3], x)
    hidden = torch.randn(2, 8, 8, 8)
    torch.testing.assert_close(convs[1](hidden), hidden)


def test_residuals_add_to_what_they_get():
    network = ResidualCNN((3, 8, 8), 2, widths=(4,), convs=(3,)).eval()
    block = network.blocks[0]
    x = torch.randn(2, 4, 4, 4)
    torch.testing.assert_close(block[-1](x), x + block[-1].change(x))
    assert [len(part.change) for part in block if hasattr(part, "change")] == [6]  # two convolutions


@pytest.mark.parametrize(("convs", "expected"), [(1, []), (2, [3]), (3, [6]), (4, [6, 3]), (5, [6, 6])])
def test_convolutions_pair_up(convs, expected):
    block = ResidualCNN((3, 8, 8), 2, widths=(4,), convs=(convs,)).blocks[0]
    assert [len(part.change) for part in block if hasattr(part, "change")] == expected


def test_outputs_are_scaled():
    torch.manual_seed(1)
    network = ResidualCNN((3, 16, 16), 4, widths=(32,), logit_scale=0.125).eval()
    assert float(network.output.weight.detach().std()) == pytest.approx(1, abs=1e-3)
    pooled = network.blocks(images(2, (3, 16, 16))).amax((2, 3))
    torch.testing.assert_close(network(images(2, (3, 16, 16))), network.output(pooled) * 0.125)


def test_whitening_has_to_be_asked_for():
    with pytest.raises(RecipeError, match=r"no whitening layer \(set network.whitening"):
        ResidualCNN((3, 16, 16), 4, widths=(8,)).fit_whitening(images())
