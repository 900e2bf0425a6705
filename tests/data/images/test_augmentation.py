import pytest
import torch

from assay.core.errors import RecipeError
from assay.data.images.augmentation import Augmentation, AugmentationSettings, first_augmentation
from assay.data.images.augmentation.shown import shown
from images_made import made_images

CHANGES = {
    "flip": {"flip": 0.5},
    "crop": {"crop": 4},
    "rotation": {"rotation": 20},
    "greyscale": {"greyscale": 0.5},
    "colour": {"colour": 0.4},
    "trivial": {"trivial": True},
    "cutout": {"cutout": 6},
    "mixup": {"mixup": 0.4},
    "cutmix": {"cutmix": 1.0},
}
ALL = {name: value for change in CHANGES.values() for name, value in change.items()}


def images(num_rows: int = 60, size: int = 16) -> torch.Tensor:
    return torch.from_numpy(made_images(num_rows, size)[0]).permute(0, 3, 1, 2).contiguous()


def noise(num_rows: int, size: int = 8, channels: int = 3) -> torch.Tensor:
    """Images that are all different, also from their mirror images."""
    generator = torch.Generator().manual_seed(3)
    return torch.randint(0, 256, (num_rows, channels, size, size), dtype=torch.uint8, generator=generator)


def augmented(batch: torch.Tensor, seed: int = 0, **choices) -> torch.Tensor:
    torch.manual_seed(seed)
    return Augmentation(AugmentationSettings(**choices))(batch)[0]


def test_nothing_is_done_unasked():
    batch = images()
    changed, mix = Augmentation(AugmentationSettings())(batch)
    assert torch.equal(changed, batch) and mix is None and not AugmentationSettings().is_on


@pytest.mark.parametrize("choices", CHANGES.values(), ids=list(CHANGES))
@pytest.mark.parametrize("shape", [(60, 3, 16, 16), (60, 1, 12, 20)])
def test_every_change_keeps_shape_type_and_input(choices, shape):
    batch = noise(60, 20, shape[1])[:, :, : shape[2], : shape[3]].contiguous()
    before = batch.clone()
    changed = augmented(batch, **choices)
    assert changed.shape == batch.shape and changed.dtype == torch.uint8
    assert torch.equal(batch, before)
    if shape[1] == 3 or "greyscale" not in choices:
        assert not torch.equal(changed, batch)
    assert AugmentationSettings(**choices).is_on


@pytest.mark.parametrize("choices", [*CHANGES.values(), ALL], ids=[*CHANGES, "all"])
def test_the_seed_decides(choices):
    batch = images()
    assert torch.equal(augmented(batch, 1, **choices), augmented(batch, 1, **choices))
    assert not torch.equal(augmented(batch, 1, **choices), augmented(batch, 2, **choices))


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_flip_mirrors_the_share_asked_for(share):
    batch = noise(4_000)
    changed = augmented(batch, flip=share)
    mirrored = (changed == batch.flip(-1)).flatten(1).all(1)
    same = (changed == batch).flatten(1).all(1)
    assert torch.equal(mirrored, ~same)
    assert float(mirrored.double().mean()) == pytest.approx(share, abs=0.03)


def test_crop_moves_and_reflects():
    batch = torch.arange(25, dtype=torch.uint8).view(1, 1, 5, 5).repeat(500, 1, 1, 1)
    changed = augmented(batch, crop=2)
    padded = torch.nn.functional.pad(batch[:1].float(), (2,) * 4, mode="reflect").to(torch.uint8)
    windows = padded.unfold(2, 5, 1).unfold(3, 5, 1).reshape(25, 5, 5)
    found = [(windows == image).flatten(1).all(1).nonzero()[:, 0].tolist() for image in changed[:, 0]]
    assert all(len(places) == 1 for places in found)
    counts = torch.bincount(torch.tensor(found)[:, 0], minlength=25)
    assert counts.min() > 5  # each of the 25 shifts is as likely: 20 on average


def test_crop_of_tiny_images_goes_as_far_as_it_can():
    assert augmented(noise(50, 3), crop=8).shape == (50, 3, 3, 3)


@pytest.mark.parametrize(
    ("choices", "share"),
    [
        ({"crop": 3, "crop_share": 0.3}, 0.3 * 48 / 49),
        ({"rotation": 90, "rotation_share": 0.3}, 0.3),
        ({"colour": 0.9, "colour_share": 0.3}, 0.3),
        ({"cutout": 3, "cutout_share": 0.3}, 0.3),
        ({"greyscale": 0.3}, 0.3),
    ],
)
def test_a_share_of_the_images_is_changed(choices, share):
    batch = noise(2_000)
    changed = (augmented(batch, **choices) != batch).flatten(1).any(1)
    assert float(changed.double().mean()) == pytest.approx(share, abs=0.04)


def test_greyscale_has_equal_channels():
    batch = noise(20)
    changed = augmented(batch, greyscale=1.0)
    assert (changed == changed[:, :1]).all()
    luminance = (torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1) * batch).sum(1)
    assert (changed[:, 0] - luminance).abs().max() <= 0.51
    one = noise(20, channels=1)
    assert torch.equal(augmented(one, greyscale=1.0), one)


def test_cutout_covers_a_square_with_the_mean():
    batch = torch.full((300, 3, 16, 16), 200, dtype=torch.uint8)
    batch[:, :, :8] = 100
    covered = (augmented(batch, cutout=5) == 150).all(1)
    sizes = covered.flatten(1).sum(1)
    assert sizes.max() == 25 and sizes.min() >= 4  # less where the edge cuts it off
    for image in covered[:30]:
        rows, columns = image.any(1).sum(), image.any(0).sum()
        assert rows * columns == image.sum() and max(rows, columns) <= 5


def test_rotation_keeps_the_middle_and_the_range():
    batch = torch.zeros(100, 1, 15, 15, dtype=torch.uint8)
    batch[:, :, 7, :] = 255  # a line through the middle stays one through the middle
    changed = augmented(batch, rotation=40)
    assert (changed[:, 0, 7, 7] > 200).all()
    assert changed.float().mean() == pytest.approx(float(batch.float().mean()), rel=0.1)
    assert torch.equal(augmented(batch, rotation=40, rotation_share=0.0), batch)


def test_colour_keeps_what_is_where():
    batch = images(200)
    changed = augmented(batch, colour=0.4, colour_share=1.0)
    one, other = batch.float().flatten(2).mean(1), changed.float().flatten(2).mean(1)
    joint = torch.stack([torch.corrcoef(torch.stack(pair))[0, 1] for pair in zip(one, other, strict=True)])
    assert joint.median() > 0.95 and not torch.equal(changed, batch)
    ratio = other.mean(1) / one.mean(1)
    assert 0.5 < ratio.min() < 0.75 and 1.25 < ratio.max() < 1.5


@pytest.mark.parametrize("alpha", [0.2, 1.0])
def test_mixup_blends_as_its_shares_say(alpha):
    batch = noise(40)
    torch.manual_seed(0)
    changed, mix = Augmentation(AugmentationSettings(mixup=alpha))(batch)
    shares = mix.shares.view(-1, 1, 1, 1)
    wanted = shares * batch + (1 - shares) * batch[mix.partners]
    assert (changed - wanted).abs().max() < 0.51
    assert 0 <= mix.shares.min() < mix.shares.max() <= 1


def test_cutmix_shares_are_those_of_the_pixels():
    batch = torch.arange(40, dtype=torch.uint8).view(-1, 1, 1, 1).expand(40, 3, 12, 20).contiguous()
    torch.manual_seed(0)
    changed, mix = Augmentation(AugmentationSettings(cutmix=1.0))(batch)
    own = (changed == batch).all(1)
    foreign = (changed == batch[mix.partners]).all(1)
    assert (own ^ foreign).all()
    assert torch.allclose(own.float().mean((1, 2)), mix.shares, atol=1e-6)
    assert mix.shares.min() < 0.5 < mix.shares.max()
    for image in foreign:
        assert image.any(1).sum() * image.any(0).sum() == image.sum()  # a box


def test_mixing_takes_its_share_of_the_batches():
    torch.manual_seed(0)
    augment = Augmentation(AugmentationSettings(mixup=0.5, cutmix=1.0, mix_share=0.5))
    batch = noise(4)
    mixes = [augment(batch)[1] for _ in range(400)]
    assert sum(mix is not None for mix in mixes) / 400 == pytest.approx(0.5, abs=0.08)
    assert Augmentation(AugmentationSettings(mixup=1.0))(batch[:1])[1] is None  # one image has no partner


def test_the_first_augmentation_suits_the_images():
    photos, reasons = first_augmentation(40_000, (3, 32, 32))
    assert photos == AugmentationSettings(flip=0.5, crop=4) and set(reasons) == {"flip", "crop"}
    signs, reasons = first_augmentation(40_000, (1, 28, 28))
    assert signs.flip == 0 and 0 < signs.crop <= 2 and "mirror" in reasons["flip"]
    assert first_augmentation(1_000, (3, 8, 8))[0] is None


def test_mistakes_are_named():
    with pytest.raises(RecipeError, match=r"flip = 2.*colour = 3"):
        AugmentationSettings.checked({"flip": 2, "colour": 3})


def test_the_sheet_shows_every_change():
    batch, before = images(6), torch.get_rng_state()
    sheet = shown(batch, seed=4)
    assert [name.split(",")[0] for name, _ in sheet] == [
        "as it is",
        "flip",
        "crop",
        "rotation",
        "colour",
        "greyscale",
        "TrivialAugment",
        "cutout",
        "mixup",
        "cutmix",
    ]
    assert torch.equal(sheet[0][1], batch) and torch.equal(sheet[1][1], batch.flip(-1))
    assert all(pixels.shape == batch.shape and pixels.dtype == torch.uint8 for _, pixels in sheet)
    again = shown(batch, seed=4)
    assert all(torch.equal(one, other) for (_, one), (_, other) in zip(sheet, again, strict=True))
    assert torch.equal(torch.get_rng_state(), before)
    own = shown(batch, settings=AugmentationSettings(crop=2, cutout=4))
    assert [name for name, _ in own] == [
        "as it is",
        "crop, up to 2 pixels",
        "cutout, 4 pixels",
        "all together",
    ]


def test_alternating_flips_show_each_image_both_ways_in_turn():
    augment, batch = Augmentation(AugmentationSettings(alternate=True)), noise(400)
    rows = torch.randperm(1_000)[:400]
    first, second, third = (augment(batch, rows, epoch)[0] for epoch in (1, 2, 3))
    assert torch.equal(first, third) and torch.equal(first.flip(-1), second)
    mirrored = (first != batch).flatten(1).any(1).double().mean()
    assert 0.4 < float(mirrored) < 0.6
