import pytest
import torch

from assay.core.errors import RecipeError
from assay.networks import MLP, Perceptron


def test_the_courses_perceptron():
    unit = Perceptron([4, 2, 2], threshold=5)
    assert unit(torch.tensor([0, 1, 1])) == 0  # bad weather, company, music: 4 does not exceed 5
    assert unit(torch.tensor([1, 1, 0])) == 1
    cases = torch.cartesian_prod(*[torch.tensor([0, 1])] * 3)
    assert unit(cases).tolist() == [float(4 * a + 2 * b + 2 * c > 5) for a, b, c in cases.tolist()]


def test_the_threshold_itself_is_not_enough():
    assert Perceptron([1.0], threshold=1)(torch.tensor([1.0])) == 0


def test_it_is_a_single_layer_with_a_step():
    unit, layer = Perceptron([4, 2, 2], threshold=5), MLP(3, 1)
    with torch.no_grad():
        layer.body[0].weight.copy_(torch.tensor([[4.0, 2.0, 2.0]]))
        layer.body[0].bias.fill_(-5)
    x = torch.rand(50, 3) * 2
    assert torch.equal(unit(x), (layer(x) > 0).float().squeeze(1))


def test_no_weights():
    with pytest.raises(RecipeError, match="at least one weight"):
        Perceptron([], threshold=1)
