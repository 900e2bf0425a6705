import pytest
import torch

from assay.core.device import resolve_device
from assay.core.errors import RecipeError


def test_known_devices():
    assert resolve_device("cpu") == resolve_device(torch.device("cpu")) == torch.device("cpu")
    assert resolve_device() == resolve_device("auto") == resolve_device(None)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gpu", "unknown device 'gpu' .for a GPU use cuda"),
        ("xpu", "unknown device 'xpu' .use auto, cpu, cuda or cuda:N"),
        (torch.device("mps"), "unknown device 'mps'"),
        ("cuda:x", "unknown device 'cuda:x'"),
        ("", "unknown device ''"),
        (["cpu"], "unknown device"),
    ],
)
def test_unknown_devices(name, message):
    with pytest.raises(RecipeError, match=message):
        resolve_device(name)


def test_a_cuda_device_that_is_not_there(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(RecipeError, match="'cuda:1' was asked for, and torch sees no CUDA device"):
        resolve_device("cuda:1")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert resolve_device("cuda:1") == torch.device("cuda", 1)
    with pytest.raises(RecipeError, match="'cuda:2' was asked for, and torch sees 2, counted from 0"):
        resolve_device("cuda:2")
