import json

import pytest
import torch
from every_network import CHOICES, made, prepared_rows

from assay.core.errors import BundleError, RecipeError
from assay.networks import MLP, Network, NetworkSettings, build, layers, network_from_json

pytestmark = [
    pytest.mark.filterwarnings("ignore:`torch.jit.*deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:`torch.jit.*deprecated:DeprecationWarning"),
    # tabm and rtdl_num_embeddings compare the width of their input with their own, which a trace keeps.
    pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning"),
]


@pytest.fixture(scope="module")
def rows() -> torch.Tensor:
    return prepared_rows()


@pytest.fixture(scope="module", params=CHOICES, ids=str)
def network(request: pytest.FixtureRequest, rows: torch.Tensor) -> Network:
    network = made(rows, **CHOICES[request.param])
    with torch.no_grad():  # weights that start at zero would hide mistakes
        for weight in network.parameters():
            weight.add_(0.1 * torch.randn_like(weight))
    return network.eval()


def test_it_answers_every_row(network, rows):
    outputs = network(rows)
    assert outputs.shape == (len(rows), 3)
    assert outputs.dtype == torch.float32
    assert torch.isfinite(outputs).all()
    torch.testing.assert_close(network(rows[:1]), outputs[:1])


def test_it_comes_back_from_json_and_weights(network, rows):
    before = torch.get_rng_state()
    layers_of = json.loads(json.dumps(network.to_json()))
    weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    again = network_from_json(network.kind, layers_of, weights).eval()
    assert torch.equal(torch.get_rng_state(), before)
    assert type(again) is type(network)
    assert torch.equal(again(rows), network(rows))
    assert again.to_json() == network.to_json()
    assert {parameter.device.type for parameter in again.parameters()} == {"cpu"}
    assert all(parameter.requires_grad for parameter in again.parameters())


def test_its_weights_fit_safetensors(network):
    from safetensors.torch import load, save

    state = load(save({name: tensor.contiguous() for name, tensor in network.state_dict().items()}))
    assert all(torch.equal(tensor, state[name]) for name, tensor in network.state_dict().items())


def test_it_traces_and_exports(network, rows):
    expected = network(rows)
    traced = torch.jit.trace(network, rows[:7])
    program = torch.export.export(network, (rows[:7],), dynamic_shapes=({0: torch.export.Dim("rows")},))
    for num_rows in (1, len(rows)):
        torch.testing.assert_close(traced(rows[:num_rows]), expected[:num_rows])
        torch.testing.assert_close(program.module()(rows[:num_rows]), expected[:num_rows])


def test_its_layers_are_listed_with_all_parameters(network, rows):
    found = layers(network, rows.shape[1])
    assert found[-1]["output"].split("x")[-1] == "3"
    assert sum(layer["parameters"] for layer in found) == sum(p.numel() for p in network.parameters())
    assert not any("_" in layer["layer"] or "impl" in layer["layer"] for layer in found)


def test_every_weight_gets_a_gradient(network, rows):
    network.train()
    network(rows).square().sum().backward()
    assert [name for name, weight in network.named_parameters() if weight.grad is None] == []
    network.zero_grad()
    network.eval()


def test_a_plain_mlp_is_stored_as_it_always_was():
    assert MLP(4, 2, (8,), dropout=0.1).to_json() == {
        "num_inputs": 4,
        "num_outputs": 2,
        "cardinalities": [],
        "hidden": [8],
        "activation": "relu",
        "dropout": 0.1,
        "batch_norm": False,
        "embedding": None,
    }
    assert next(iter(MLP(4, 2, (8,), cardinalities=(3,)).state_dict())) == "embeddings.tables.0.weight"


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        ("Transformer", {}, "unknown kind 'Transformer'"),
        ("MLP", {"hidden": [1_000_000_000, 1_000_000_000]}, "do not fill"),
        ("MLP", {"hidden": [9]}, "do not fit"),
        ("MLP", {"hidden": "wide"}, "cannot be built"),
        ("MLP", {"members": 3}, "cannot be built"),
        ("TabM", {"batch_norm": False}, "cannot be built"),
        ("MLP", {"numbers": {"kind": "plr"}}, "cannot be built"),
    ],
)
def test_a_stored_network_that_does_not_come_back(kind, change, message):
    network = MLP(4, 2, (8,))
    with pytest.raises(BundleError, match=message):
        network_from_json(kind, network.to_json() | change, network.state_dict())


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"kind": "tabm", "hidden": (8, 4)}, r"hidden = \[8, 4\]: a tabm network needs"),
        ({"kind": "tabm", "hidden": ()}, r"hidden = \[\]"),
        ({"kind": "residual", "hidden": (8, 4)}, "a residual network needs"),
        ({"kind": "tabm", "batch_norm": True}, "batch_norm is true"),
        ({"number_embedding": "plr"}, "needs the training rows"),
    ],
)
def test_settings_that_do_not_go_together(choices, message):
    with pytest.raises(RecipeError, match=message):
        build(NetworkSettings(**choices), num_inputs=3, num_outputs=2)
