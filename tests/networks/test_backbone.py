import pytest
import torch
from every_image_network import images, made

from assay.core.errors import DataError, MissingPartError, RecipeError
from assay.networks import Backbone
from assay.networks.backbone_files import cached_weights

SHAPE = (3, 64, 64)


@pytest.fixture(autouse=True)
def _an_empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr(torch.hub, "_hub_dir", None)


@pytest.fixture(scope="module")
def squeezenet():
    from torchvision.models import squeezenet1_1

    torch.manual_seed(5)
    return squeezenet1_1(weights=None).eval()


@pytest.fixture
def file(tmp_path, squeezenet):
    torch.save(squeezenet.state_dict(), tmp_path / "squeezenet.pth")
    return tmp_path / "squeezenet.pth"


def test_its_body_is_torchvisions(file, squeezenet):
    network = Backbone(SHAPE, 3, weights=str(file), tapped=1).eval()
    x = images(2, SHAPE)
    torch.testing.assert_close(network.features(x), squeezenet.features(x).mean((2, 3)))
    torch.testing.assert_close(network(x), network.last(network.features(x)))


def test_half_precision_and_safetensors_are_read(tmp_path, squeezenet):
    from safetensors.torch import save_file

    torch.save({k: v.half() for k, v in squeezenet.state_dict().items()}, tmp_path / "half.pth")
    save_file(squeezenet.state_dict(), tmp_path / "whole.safetensors")
    half, whole = (
        Backbone(SHAPE, 3, weights=str(tmp_path / name)) for name in ("half.pth", "whole.safetensors")
    )
    assert {weight.dtype for weight in half.parameters()} == {torch.float32}
    torch.testing.assert_close(
        half.features(images(1, SHAPE)), whole.features(images(1, SHAPE)), atol=0.01, rtol=0.05
    )


def test_weights_come_from_the_cache(tmp_path, squeezenet):
    folder = tmp_path / "torch" / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    assert cached_weights("squeezenet1_1") is None
    torch.save(squeezenet.state_dict(), folder / "squeezenet1_1-b8a52dc0.pth")
    assert cached_weights("squeezenet1_1").parent == folder
    network = Backbone(SHAPE, 3)
    assert torch.equal(network.body.state_dict()["features.0.weight"], squeezenet.features[0].weight)


def test_missing_weights_are_named_in_one_line(tmp_path):
    with pytest.raises(DataError) as caught:
        Backbone(SHAPE, 3, backbone="resnet18")
    message = str(caught.value)
    assert "\n" not in message
    assert "resnet18-f37072fd.pth" in message
    assert str(tmp_path / "torch" / "hub" / "checkpoints") in message
    assert "https://download.pytorch.org/models/" in message
    assert not (tmp_path / "torch").exists()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"gone\.pth': there is no such file"):
        Backbone(SHAPE, 3, weights=str(tmp_path / "gone.pth"))


def test_a_pickle_that_runs_code_is_refused(tmp_path):
    class Harm:
        def __reduce__(self):
            return (tmp_path.joinpath("harmed").touch, ())

    torch.save({"features.0.weight": Harm()}, tmp_path / "harm.pth")
    with pytest.raises(DataError, match="loading it could run its code"):
        Backbone(SHAPE, 3, weights=str(tmp_path / "harm.pth"))
    assert not (tmp_path / "harmed").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "cannot be read|could run"), (b"PK\x03\x04half a file", "cannot be read|could run")],
)
def test_a_damaged_file_is_refused(tmp_path, content, said):
    (tmp_path / "bad.pth").write_bytes(content)
    with pytest.raises(DataError, match=said):
        Backbone(SHAPE, 3, weights=str(tmp_path / "bad.pth"))


def test_weights_of_another_network_are_refused(tmp_path, file):
    with pytest.raises(DataError, match=r"not resnet18's: conv1\.weight is missing"):
        Backbone(SHAPE, 3, backbone="resnet18", weights=str(file))
    torch.save([torch.zeros(3)], tmp_path / "list.pth")
    with pytest.raises(DataError, match="no tensors by name"):
        Backbone(SHAPE, 3, weights=str(tmp_path / "list.pth"))


def test_a_frozen_body_neither_learns_nor_moves_its_statistics():
    network = made(kind="backbone", backbone="resnet18", weights="random").train()
    before = {name: tensor.clone() for name, tensor in network.body.state_dict().items()}
    optimizer = torch.optim.SGD([weight for weight in network.parameters() if weight.requires_grad], lr=0.1)
    network(images()).square().sum().backward()
    optimizer.step()
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.body.state_dict().items())
    assert sum(weight.requires_grad for weight in network.parameters()) == 2
    network.unfreeze()
    assert all(weight.requires_grad for weight in network.parameters())
    network(images())
    assert not torch.equal(network.body.state_dict()["bn1.running_mean"], before["bn1.running_mean"])
    assert network.to_json()["frozen"] is False


def test_grey_images_are_taken_three_times():
    grey = images(2, (1, 64, 64))
    network = Backbone((1, 64, 64), 3, weights="random").eval()
    torch.testing.assert_close(network(grey), network(grey.expand(-1, 3, -1, -1)))


@pytest.mark.parametrize("final_pool", ["average", "max", "none"])
def test_its_last_layer_takes_what_the_pooling_leaves(final_pool):
    network = Backbone((3, 64, 96), 3, weights="random", final_pool=final_pool).eval()
    assert network(images(2, (3, 64, 96))).shape == (2, 3)
    assert network.num_features == network.features(images(1, (3, 64, 96))).shape[1]


@pytest.mark.parametrize(("name", "size"), [("mobilenet_v3_small", 576), ("convnext_tiny", 768)])
def test_other_families(tmp_path, name, size):
    from torchvision.models import get_model

    torch.manual_seed(2)
    theirs = get_model(name, weights=None).eval()
    torch.save(theirs.state_dict(), tmp_path / "weights.pth")
    network = Backbone(SHAPE, 3, backbone=name, weights=str(tmp_path / "weights.pth"), tapped=1).eval()
    x = images(2, SHAPE)
    with torch.no_grad():
        pooled = theirs.avgpool(theirs.features(x))
        expected = theirs.classifier[:2](pooled) if name == "convnext_tiny" else pooled.flatten(1)
        torch.testing.assert_close(network.features(x), expected, atol=1e-4, rtol=1e-4)
    assert network.num_features == size


@pytest.mark.parametrize(
    ("shape", "said"), [((3, 8, 8), "8x8 are too small for squeezenet1_1"), ((4, 64, 64), "4 channels")]
)
def test_images_that_it_does_not_take(shape, said):
    with pytest.raises(RecipeError, match=said):
        Backbone(shape, 3, weights="random")


def test_without_torchvision_the_part_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torchvision.models", None)
    with pytest.raises(MissingPartError, match=r"not installed \(pip install torchvision\)"):
        Backbone(SHAPE, 3, weights="random")


def test_the_real_squeezenet_tells_flowers_apart(shared_data):
    """Means of its features by class name new photos right more often than chance."""
    import numpy as np
    from PIL import Image

    file = shared_data / "squeezenet1_1.pth"
    if not file.exists():
        pytest.skip(f"{file} is missing")
    network = Backbone((3, 96, 96), 5, weights=str(file)).eval()
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    features = []
    for folder in sorted(path for path in (shared_data / "flowers").iterdir() if path.is_dir()):
        photos = [
            np.asarray(Image.open(path).convert("RGB").resize((96, 96)))
            for path in sorted(folder.iterdir())[:24]
        ]
        x = (torch.from_numpy(np.stack(photos)) / 255 - mean) / std
        with torch.no_grad():
            features.append(network.features(x.permute(0, 3, 1, 2)))
    found = torch.nn.functional.normalize(torch.stack(features), dim=2)  # (classes, photos, features)
    centres = found[:, :12].mean(1)
    right = (found[:, 12:] @ centres.T).argmax(2) == torch.arange(5)[:, None]
    assert right.float().mean() > 0.5
