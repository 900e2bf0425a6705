import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from assay.core.errors import BundleError, RecipeError
from assay.networks import MLP, NetworkSettings, build, layers


def test_the_courses_regression_network_has_its_layers_and_parameters():
    network = MLP(27, 1, (100, 50, 25))
    found = layers(network, 27)
    assert [layer["layer"] for layer in found] == [
        "linear 27 to 100", "relu", "linear 100 to 50", "relu", "linear 50 to 25", "relu", "linear 25 to 1",
    ]  # fmt: skip
    assert [layer["output"] for layer in found][-1] == "1"
    assert [layer["parameters"] for layer in found] == [2800, 0, 5050, 0, 1275, 0, 26]
    assert sum(layer["parameters"] for layer in found) == sum(p.numel() for p in network.parameters())


def test_without_hidden_layers_it_is_a_linear_model():
    network = MLP(3, 1)
    x = torch.randn(5, 3)
    (line,) = network.body
    assert torch.equal(network(x), x @ line.weight.T + line.bias)


@pytest.mark.parametrize(
    ("name", "module"), [("relu", nn.ReLU), ("tanh", nn.Tanh), ("sigmoid", nn.Sigmoid), ("gelu", nn.GELU)]
)
def test_activations(name, module):
    network = MLP(4, 2, (8, 8), activation=name)
    assert sum(isinstance(part, module) for part in network.modules()) == 2


@settings(max_examples=25, deadline=None)
@given(
    hidden=st.lists(st.integers(1, 9), max_size=4),
    num_numbers=st.integers(0, 4),
    cardinalities=st.lists(st.integers(1, 60), max_size=3),
    num_outputs=st.integers(1, 4),
    batch_norm=st.booleans(),
)
def test_any_depth_and_width(hidden, num_numbers, cardinalities, num_outputs, batch_norm):
    rows, num_inputs = 3, num_numbers + len(cardinalities)
    if not num_inputs:
        return
    network = MLP(
        num_inputs, num_outputs, hidden, batch_norm=batch_norm, dropout=0.2, cardinalities=cardinalities
    )
    codes = [torch.randint(0, cardinality, (rows, 1)).float() for cardinality in cardinalities]
    x = torch.cat([torch.randn(rows, num_numbers), *codes], dim=1)
    assert network(x).shape == (rows, num_outputs)
    assert layers(network, num_inputs)[-1]["output"] == str(num_outputs)
    again = MLP.from_json(network.to_json())
    again.load_state_dict(network.state_dict())
    assert torch.equal(again.eval()(x), network.eval()(x))


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_it_traces_scripts_and_exports():
    network = MLP(5, 3, (16, 8), batch_norm=True, dropout=0.3, cardinalities=(10, 300)).eval()
    x = torch.tensor([[0.5, -1.0, 2.0, 9.0, 299.0], [0.0, 3.0, -2.0, 0.0, 0.0]])
    expected = network(x)
    assert torch.equal(torch.jit.trace(network, x)(x[:1]), network(x[:1]))
    assert torch.equal(torch.jit.script(network)(x), expected)
    exported = torch.export.export(network, (x,), dynamic_shapes=({0: torch.export.Dim("rows")},))
    torch.testing.assert_close(exported.module()(x.repeat(3, 1)), expected.repeat(3, 1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"num_inputs": 0}, "0 inputs"),
        ({"num_outputs": 0}, "0 outputs"),
        ({"hidden": (8, 0)}, "hidden.1 = 0"),
        ({"hidden": 8}, r"hidden = 8: write a list: \[8\]"),
        ({"hidden": "8"}, "hidden = '8': write a list"),
        ({"hidden": None}, "hidden = None"),
        ({"activation": "swish"}, "activation = 'swish'"),
        ({"dropout": 1.0}, "dropout = 1.0"),
        ({"cardinalities": (2, 3, 4, 5, 6)}, "5 columns of categories among 4 inputs"),
        ({"cardinalities": (0,)}, "at least 1"),
    ],
)
def test_impossible_networks(change, message):
    with pytest.raises(RecipeError, match=message):
        MLP(**{"num_inputs": 4, "num_outputs": 1, **change})


def test_all_mistakes_are_named_together():
    with pytest.raises(RecipeError) as caught:
        MLP(4, 1, (0,), activation="swish", dropout=-1)
    assert all(name in str(caught.value) for name in ("hidden.0", "activation", "dropout"))


@pytest.mark.parametrize("plain", [{}, {"num_inputs": 3}, {"num_inputs": 3, "num_outputs": 1, "wide": 2}])
def test_a_stored_network_that_is_none(plain):
    with pytest.raises(BundleError, match="cannot be built"):
        MLP.from_json(plain)


def test_build_follows_the_settings():
    chosen = NetworkSettings(hidden=(7,), activation="tanh", dropout=0.0)
    network = build(chosen, num_inputs=3, num_outputs=2)
    assert [layer["layer"] for layer in layers(network, 3)] == ["linear 3 to 7", "tanh", "linear 7 to 2"]


def test_two_classes_can_share_one_logit():
    one = NetworkSettings(hidden=(), one_logit=True)
    assert build(one, num_inputs=3, num_outputs=2).num_outputs == 1
    with pytest.raises(RecipeError, match="two classes, and the target has 3"):
        build(one, num_inputs=3, num_outputs=3)


def test_layers_of_any_network_and_inputs_that_do_not_fit():
    class Custom(nn.Module):  # the course's 10-5-2
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Linear(10, 5), nn.Linear(5, 2)

        def forward(self, x):
            return torch.softmax(self.b(torch.relu(self.a(x))), dim=1)

    assert [layer["parameters"] for layer in layers(Custom(), 10)] == [55, 12]
    with pytest.raises(RecipeError, match="does not take 9 columns"):
        layers(Custom(), 9)


def test_listing_layers_leaves_the_network_alone():
    network = MLP(4, 1, (8,), batch_norm=True).train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    layers(network, 4)
    assert network.training and not any(module._forward_hooks for module in network.modules())
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
