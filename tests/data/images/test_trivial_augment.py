import pytest
import torch

from assay.data.images.augmentation import tones
from assay.data.images.augmentation.geometry import rotations, warp
from assay.data.images.augmentation.trivial import _maps, trivial
from images_made import made_images

torchvision = pytest.importorskip("torchvision")
reference = torchvision.transforms.functional
one_by_one = {
    "brightness": (tones.brightness, reference.adjust_brightness, [0.01, 0.5, 1.0, 1.9]),
    "saturation": (tones.saturation, reference.adjust_saturation, [0.01, 0.5, 1.0, 1.9]),
    "contrast": (tones.contrast, reference.adjust_contrast, [0.01, 0.5, 1.0, 1.9]),
    "sharpness": (tones.sharpness, reference.adjust_sharpness, [0.01, 0.5, 1.0, 1.9]),
    "posterize": (tones.posterize, lambda image, bits: reference.posterize(image, int(bits)), [2, 5, 8]),
    "solarize": (tones.solarize, reference.solarize, [0.0, 100.0, 255.0]),
}


@pytest.fixture
def batch() -> torch.Tensor:
    pixels = torch.from_numpy(made_images(12)[0]).permute(0, 3, 1, 2).contiguous()
    pixels[3] = 77  # an image of one colour has no contrast
    return pixels


@pytest.mark.parametrize("name", one_by_one)
def test_tones_are_those_of_torchvision(batch, name):
    change, wanted, strengths = one_by_one[name]
    values = [strengths[row % len(strengths)] for row in range(len(batch))]
    changed = change(batch, torch.tensor(values))
    expected = torch.stack([wanted(image, value) for image, value in zip(batch, values, strict=True)])
    assert (changed.int() - expected.int()).abs().max() <= 1


@pytest.mark.parametrize("name", ["autocontrast", "equalize"])
def test_spread_tones_are_those_of_torchvision(batch, name):
    expected = torch.stack([getattr(reference, name)(image) for image in batch])
    difference = (getattr(tones, name)(batch).int() - expected.int()).abs()
    assert difference.max() <= (0 if name == "equalize" else 1)


def test_turns_are_those_of_torchvision(batch):
    turned = warp(batch, rotations(torch.full((len(batch),), 30.0)), nearest=True)
    expected = reference.rotate(batch, 30.0)
    assert (turned == expected).float().mean() > 0.98


def test_moves_are_those_of_torchvision(batch):
    kinds, levels = torch.full((len(batch),), 2), torch.full((len(batch),), 3 / 32)
    moved = warp(batch, _maps(kinds, levels), nearest=True)
    expected = reference.affine(batch, 0.0, [-3, 0], 1.0, [0.0, 0.0])
    assert (moved == expected).float().mean() > 0.99


def test_a_share_of_the_images_stays_and_all_kinds_come():
    pixels = torch.from_numpy(made_images(30)[0]).permute(0, 3, 1, 2).repeat(40, 1, 1, 1)
    torch.manual_seed(0)
    changed = trivial(pixels)
    same = (changed == pixels).flatten(1).all(1).double().mean()
    assert 1 / 14 - 0.02 < float(same) < 0.25  # and those whose level is near zero
    grey = (changed.amax(1) - changed.amin(1)).flatten(1).amax(1) <= 2
    assert grey.any() and (changed == 0).flatten(1).double().mean(1).gt(0.5).any()
