"""Weights from files of every kind into networks of every kind, and files that would run code."""

import os
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from torch import Tensor, nn

import assay
from assay.core.errors import BundleError
from assay.networks import CNN, MLP, from_checkpoint, load_weights
from assay.training.checkpoint import read_checkpoint


def plain(num_inputs: int = 3) -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(num_inputs, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))


def same(one: nn.Module, other: nn.Module) -> bool:
    first, second = one.state_dict(), other.state_dict()
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def changed(network: nn.Module) -> nn.Module:
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(1)
    return network


FORMS: dict[str, Any] = {
    "a state dict": lambda state: state,
    "as the course saves it": lambda state: {"input": 22, "state_dict": state},
    "as PyTorch's guide saves it": lambda state: {"epoch": 3, "model_state_dict": state, "loss": 0.5},
    "of a parallel training": lambda state: {f"module.{name}": value for name, value in state.items()},
    "of a compiled network": lambda state: {f"_orig_mod.{name}": value for name, value in state.items()},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
def test_files_of_torch(form: str, zipped: bool, tmp_path: Path) -> None:
    trained, path = changed(plain()), tmp_path / "weights.pt"
    torch.save(FORMS[form](trained.state_dict()), path, _use_new_zipfile_serialization=zipped)
    fresh = plain()
    assert not same(fresh, trained)
    load_weights(fresh, path)
    assert same(fresh, trained)


def test_safetensors_whatever_the_file_is_called(tmp_path: Path) -> None:
    trained, fresh, path = changed(plain()), plain(), tmp_path / "weights.bin"
    safetensors.torch.save_file(trained.state_dict(), path)
    load_weights(fresh, str(path))
    assert same(fresh, trained)


def test_half_precision_widens_and_fractions_stay_fractions(tmp_path: Path) -> None:
    trained, fresh, path = plain(), plain(), tmp_path / "weights.pt"
    torch.save({name: value.half() if value.is_floating_point() else value
                for name, value in trained.state_dict().items()}, path)  # fmt: skip
    load_weights(fresh, path)
    assert fresh[0].weight.dtype == torch.float32
    assert torch.allclose(fresh[0].weight, trained[0].weight, atol=1e-3)
    torch.save({**trained.state_dict(), "1.num_batches_tracked": torch.tensor(0.5)}, path)
    with pytest.raises(
        BundleError, match=r"num_batches_tracked is torch.float32 in the file and torch.int64"
    ):
        load_weights(fresh, path)


def test_what_does_not_fit_is_named_and_changes_nothing(tmp_path: Path) -> None:
    path, network = tmp_path / "weights.pt", plain()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    state = changed(plain(5)).state_dict()
    state["3.weight"] = state.pop("2.bias")
    torch.save(state, path)
    with pytest.raises(BundleError) as caught:
        load_weights(network, path)
    message = str(caught.value)
    assert "do not fit this Sequential: the file lacks 2.bias; the network has no 3.weight; " in message
    assert "0.weight is 4 x 5 in the file and 4 x 3 in the network" in message
    assert str(path) in message
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def rows() -> tuple[Tensor, Tensor]:
    torch.manual_seed(2)
    return torch.randn(64, 3), torch.randint(0, 2, (64,))


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_network_is_built_again_from_its_checkpoint(batch_norm: bool, tmp_path: Path) -> None:
    network = MLP(3, 2, (5, 4), activation="tanh", batch_norm=batch_norm, dropout=0.3)
    trained = assay.fit(network, rows(), epochs=3, folder=tmp_path, device="cpu").network
    again = from_checkpoint(tmp_path / "checkpoint.pt")
    assert type(again) is MLP
    assert again.to_json() == network.to_json()
    assert same(again, trained)
    assert not again.training
    filled = MLP(3, 2, (5, 4), batch_norm=batch_norm, dropout=0.3)
    load_weights(filled, tmp_path / "checkpoint.pt")
    assert same(filled, trained)


def test_an_image_network_too(tmp_path: Path) -> None:
    network = CNN((1, 8, 8), 2, widths=(3,))
    images = torch.randn(16, 1, 8, 8)
    assay.fit(network, (images, torch.arange(16) % 2), epochs=1, folder=tmp_path, device="cpu")
    again = from_checkpoint(tmp_path / "checkpoint.pt")
    with torch.no_grad():
        assert torch.equal(again(images), network(images))


def test_going_on_from_a_checkpoint_is_as_in_one_go(tmp_path: Path) -> None:
    class Stop:
        def on_epoch_end(self, trainer: Any, record: dict[str, Any]) -> None:
            if record["epoch"] == 2:
                trainer.stop("enough for today")

    choices: dict[str, Any] = {"epochs": 5, "seed": 3, "device": "cpu"}
    torch.manual_seed(0)
    whole = assay.fit(MLP(3, 2, (4,)), rows(), **choices)
    torch.manual_seed(0)
    assay.fit(MLP(3, 2, (4,)), rows(), folder=tmp_path, hooks=[Stop()], **choices)
    network = from_checkpoint(tmp_path / "checkpoint.pt")
    rest = assay.fit(network, rows(), folder=tmp_path, resume=True, **choices)
    assert len(rest.history) == 5
    assert same(rest.network, whole.network)


def test_a_checkpoint_of_a_foreign_network_says_how_it_can_be_used(tmp_path: Path) -> None:
    trained = assay.fit(plain(), rows(), epochs=1, folder=tmp_path, device="cpu").network
    with pytest.raises(BundleError, match=r"does not say how its network is built .*load_weights"):
        from_checkpoint(tmp_path / "checkpoint.pt")
    fresh = plain()
    load_weights(fresh, tmp_path / "checkpoint.pt")
    assert same(fresh, trained)


def test_a_checkpoint_of_the_first_format_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    trained = assay.fit(MLP(3, 2, (4,)), rows(), epochs=2, folder=tmp_path, device="cpu").network
    state = read_checkpoint(path)
    assert state is not None
    del state["architecture"]
    torch.save({**state, "format": 1}, path)
    fresh = MLP(3, 2, (4,))
    load_weights(fresh, path)
    assert same(fresh, trained)
    again = assay.fit(MLP(3, 2, (4,)), rows(), epochs=2, folder=tmp_path, resume=True, device="cpu")
    assert same(again.network, trained)


@pytest.mark.parametrize(
    "layers", [{}, {"num_inputs": 10**12, "num_outputs": 2}, {"num_inputs": 3, "num_outputs": 2, "x": 1}, 3]
)
def test_a_forged_description_is_refused(layers: Any, tmp_path: Path) -> None:
    state = {"architecture": {"kind": "MLP", "layers": layers}, "best": {"weights": {"a": torch.ones(2)}}}
    torch.save(state, tmp_path / "checkpoint.pt")
    with pytest.raises(BundleError):
        from_checkpoint(tmp_path / "checkpoint.pt")


class Touches:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


def hostile(path: Path, trap: Touches, form: str) -> None:
    content = OrderedDict(weight=torch.ones(2), extra=trap)
    if form == "pickle":
        path.write_bytes(pickle.dumps(content["extra"]))
    else:
        torch.save(content, path, _use_new_zipfile_serialization=form == "zip")


@pytest.mark.parametrize("form", ["zip", "legacy", "pickle"])
def test_code_in_a_file_is_named_and_not_run(form: str, tmp_path: Path) -> None:
    path, trap = tmp_path / "checkpoint.pt", Touches(tmp_path / "executed")
    hostile(path, trap, form)
    for read in (lambda: load_weights(plain(), path), lambda: from_checkpoint(path), lambda: go_on(path)):
        with pytest.raises(BundleError, match=r"would run code: it calls (posix|nt)\.mkdir"):
            read()
    assert not trap.path.exists()


def go_on(path: Path) -> None:
    assay.fit(MLP(3, 2), rows(), epochs=1, folder=path.parent, resume=True, device="cpu")


def test_a_pickled_network_is_refused_by_its_class(tmp_path: Path) -> None:
    torch.save(nn.Linear(3, 2), tmp_path / "network.pt")
    with pytest.raises(
        BundleError, match=r"calls torch\.nn\.modules\.linear\.Linear .*network\.state_dict\(\)"
    ):
        load_weights(nn.Linear(3, 2), tmp_path / "network.pt")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "damaged"), (b"no weights at all", "damaged"), (b"PK\x03\x04" + bytes(50), "damaged"),
     (bytes(8) + b"{", "damaged"), (b"\xff" * 8 + b"{}", "damaged")],
)  # fmt: skip
def test_damaged_files(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "weights.pt").write_bytes(content)
    with pytest.raises(BundleError, match=message):
        load_weights(plain(), tmp_path / "weights.pt")


def test_files_without_weights(tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    for content, message in [
        ([torch.ones(2)], "holds a list, and a dictionary"),
        ({"epoch": 3}, "no weights in the file; it holds 'epoch'"),
        ({}, "holds nothing"),
    ]:
        torch.save(content, path)
        with pytest.raises(BundleError, match=message):
            load_weights(plain(), path)
    with pytest.raises(BundleError, match="there is no such file"):
        load_weights(plain(), tmp_path / "nowhere.pt")
    with pytest.raises(BundleError, match="that is no file"):
        load_weights(plain(), tmp_path)
