import json

import pytest
import torch
from every_image_network import CHOICES, images, made

from assay.core.errors import BundleError, RecipeError
from assay.networks import (
    CNN,
    ImageNetwork,
    ImageNetworkSettings,
    ResidualCNN,
    build_image_network,
    network_from_json,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:`torch.jit.*deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:`torch.jit.*deprecated:DeprecationWarning"),
]


@pytest.fixture(scope="module", params=CHOICES, ids=str)
def network(request: pytest.FixtureRequest) -> ImageNetwork:
    network = made(**CHOICES[request.param])
    network.train()
    with torch.no_grad():
        network(images())  # running statistics that are not the fresh ones
    return network.eval()


def test_it_answers_every_image(network):
    with torch.no_grad():
        outputs = network(images())
        assert outputs.shape == (8, 5)
        assert outputs.dtype == torch.float32
        assert torch.isfinite(outputs).all()
        assert outputs.std(0).min() > 0
        torch.testing.assert_close(network(images()[:1]), outputs[:1], atol=1e-4, rtol=1e-4)


def test_it_comes_back_from_json_and_weights(network):
    before = torch.get_rng_state()
    layers_of = json.loads(json.dumps(network.to_json()))
    weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    again = network_from_json(network.kind, layers_of, weights).eval()
    assert torch.equal(torch.get_rng_state(), before)
    assert type(again) is type(network)
    assert torch.equal(again(images()), network(images()))
    assert again.to_json() == network.to_json()
    assert {tensor.device.type for tensor in again.state_dict().values()} == {"cpu"}
    learns = [weight.requires_grad for weight in network.parameters()]
    assert [weight.requires_grad for weight in again.parameters()] == learns


def test_its_weights_fit_safetensors(network):
    from safetensors.torch import load, save

    state = load(save({name: tensor.contiguous() for name, tensor in network.state_dict().items()}))
    assert all(torch.equal(tensor, state[name]) for name, tensor in network.state_dict().items())


def test_it_traces_and_exports(network):
    x = images()
    expected = network(x)
    traced = torch.jit.trace(network, x[:3])
    program = torch.export.export(network, (x[:3],), dynamic_shapes=({0: torch.export.Dim("rows")},))
    for num_rows in (1, len(x)):
        torch.testing.assert_close(traced(x[:num_rows]), expected[:num_rows], atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(program.module()(x[:num_rows]), expected[:num_rows], atol=1e-4, rtol=1e-4)


def test_it_scripts(network):
    scripted = torch.jit.script(network)
    torch.testing.assert_close(scripted(images()), network(images()), atol=1e-4, rtol=1e-4)


def test_channels_last_answers_the_same(network):
    expected = network(images())
    twin = network_from_json(network.kind, network.to_json(), network.state_dict()).eval()
    twin = twin.to(memory_format=torch.channels_last)
    answer = twin(images().contiguous(memory_format=torch.channels_last))
    torch.testing.assert_close(answer, expected, atol=1e-4, rtol=1e-4)


def test_what_learns_gets_a_gradient_and_the_rest_none(network):
    network.train()
    network(images()).square().sum().backward()
    for name, weight in network.named_parameters():
        assert (weight.grad is not None) == weight.requires_grad, name
    network.zero_grad()
    network.eval()


@pytest.mark.parametrize("name", ["course", "speed record", "residual"])
def test_half_the_precision_answers_about_the_same(name):
    network = made(**CHOICES[name]).eval()
    with torch.no_grad():
        exact = network(images())
        with torch.autocast("cpu", torch.bfloat16):
            rough = network(images()).float()
    assert not torch.equal(rough, exact)
    torch.testing.assert_close(rough, exact, atol=0.1 * float(exact.abs().max()), rtol=0.1)


@pytest.mark.parametrize("name", ["pooled cnn", "speed record"])
def test_a_flip_at_test_time_makes_mirror_images_equal(name):
    x, network = images(), made(**CHOICES[name]).eval()
    with torch.no_grad():
        torch.testing.assert_close(network(x), network(x.flip(3)), atol=1e-5, rtol=1e-5)
        mean = (network.outputs(x) + network.outputs(x.flip(3))) / 2
        torch.testing.assert_close(network(x), mean)
        assert not torch.allclose(network.outputs(x), mean, atol=1e-3)
        network.train()
        torch.manual_seed(0)
        trained = network(x)
        torch.manual_seed(0)
        assert torch.equal(trained, network.outputs(x))


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        ("CNN", {"widths": [9]}, "do not fit"),
        ("CNN", {"widths": "wide"}, "cannot be built"),
        ("CNN", {"stem": 3}, "cannot be built"),
        ("CNN", {"kind": "resnet"}, "cannot be built"),
        ("CNN", {"input_shape": [32, 32]}, "cannot be built"),
        ("CNN", {"input_shape": [3, 1, 1]}, "cannot be built"),
        ("CNN", {"num_outputs": 0}, "cannot be built"),
        ("ResNet", {}, "unknown kind 'ResNet'"),
        ("Backbone", {"weights": "/etc/passwd"}, "cannot be built|names a file"),
    ],
)
def test_a_stored_network_that_does_not_come_back(kind, change, message):
    network = CNN((3, 8, 8), 2, widths=(4,))
    with pytest.raises(BundleError, match=message):
        network_from_json(kind, network.to_json() | change, network.state_dict())


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        (
            {"widths": (4,) * 4},
            [r"widths = [4, 4, 4, 4] and images of 8x8", "3 poolings", "fewer widths"],
        ),
        ({"kind": "resnet", "widths": (4,) * 4}, ["images of 8x8", "fewer widths"]),
        ({"kind": "resnet", "whitening": 2, "stem": 8}, ["network.stem = 8", "whitening = 2"]),
        ({"kind": "resnet", "whitening": 2}, ["needs the training images"]),
        ({"kind": "resnet", "whitening": 1, "whitening_filters": 8}, ["whitening_filters = 8", "6 or fewer"]),
    ],
)
def test_settings_that_do_not_fit_the_images(choices, said):
    settings = ImageNetworkSettings(**{"widths": (4,), **choices})
    with pytest.raises(RecipeError) as caught:
        build_image_network(settings, (3, 8, 8), 2)
    for words in said:
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"kernel": 4}, "an odd side"),
        ({"convs": (1, 2)}, "convs has 2 numbers and widths 3"),
        ({"kind": "resnet", "norm_position": "after"}, "is for cnn"),
        ({"whitening_filters": 5}, "even number"),
        ({"widht": (4,)}, "unknown setting 'widht'"),
        ({"widths": ()}, "widths"),
        ({"backbone": "vgg99"}, "backbone = 'vgg99'"),
    ],
)
def test_settings_that_do_not_go_together(choices, said):
    with pytest.raises(RecipeError, match=said):
        ImageNetworkSettings.checked(choices)


def test_a_setting_of_another_kind_is_refused_by_the_class():
    with pytest.raises(RecipeError, match="a CNN has no setting 'whitening'"):
        CNN((3, 8, 8), 2, whitening=2)
    with pytest.raises(RecipeError, match=r"no setting 'denses' \(did you mean 'dense'"):
        CNN((3, 8, 8), 2, denses=(2,))


@pytest.mark.parametrize("shape", [(8, 8), (3, 0, 8), (3, 8.0, 8)])
def test_an_impossible_shape_is_refused(shape):
    with pytest.raises(RecipeError, match="channels, height and width"):
        ResidualCNN(shape, 2)
