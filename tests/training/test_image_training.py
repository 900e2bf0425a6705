import numpy as np
import pytest
import torch
from torch import nn

from assay.core.errors import DataError, RecipeError
from assay.core.files import read_jsonl
from assay.data.images.augmentation import Augmentation, AugmentationSettings
from assay.data.images.image_format import ImageFormat
from assay.data.images.images import Images, MemoryImages, StreamedImages
from assay.data.images.store import ArrayStore
from assay.training.fit import fit
from assay.training.image_source import ImageRows
from assay.training.learning_rate import find_learning_rate
from assay.training.together import fit_together
from images_made import made_images

CHOICES = {"epochs": 3, "batch_size": 16, "learning_rate": 0.01, "seed": 2, "precision": "float32"}


class CrashError(Exception):
    pass


class CrashAfter:
    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_epoch_end(self, trainer, record) -> None:
        if record["epoch"] > self.epoch:
            raise CrashError


def image_set(num_rows: int, seed: int = 0, *, stream: bool = False) -> tuple[Images, np.ndarray]:
    """Images of which every second one is taken, so that row numbers are put to the test."""
    pixels, labels = made_images(2 * num_rows, seed=seed)
    pixels_NCHW = torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous()
    store = ArrayStore([f"row {row}" for row in range(len(labels))], pixels_NCHW)
    sizes, form = np.full((len(labels), 2), 16, np.int32), ImageFormat(3, 16, 16)
    images = StreamedImages(store, form, sizes) if stream else MemoryImages(store, form, sizes, pixels_NCHW)
    chosen = np.arange(0, 2 * num_rows, 2)
    return images.take(chosen), labels[chosen]


def prepare(images: torch.Tensor) -> torch.Tensor:
    return (images.float() - 80) / 60


def rows(num_rows: int = 65, seed: int = 0, *, stream: bool = False, augment=None, **options) -> ImageRows:
    images, labels = image_set(num_rows, seed, stream=stream)
    return ImageRows(images, labels, prepare, augment=augment, **options)


def network(num_outputs: int = 3) -> nn.Module:
    torch.manual_seed(7)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.MaxPool2d(4),
        nn.Flatten(),
        nn.Dropout(0.1),
        nn.Linear(8 * 16, num_outputs),
    )


def augmentation(**choices) -> Augmentation:
    return Augmentation(AugmentationSettings(**choices or {"flip": 0.5, "crop": 2, "cutout": 4}))


def test_images_are_learnt(same):
    training = fit(network(), rows(150), validation=rows(90, seed=1), **{**CHOICES, "epochs": 5})
    assert training.history[-1]["validation_accuracy"] > 0.9
    assert training.settings.channels_last and "channels_last" in training.reasons


def test_images_and_their_numbers_train_to_the_same_weights(same):
    images, labels = image_set(65)
    numbers = prepare(images.tensor_NCHW), labels
    one = fit(network(), rows(), channels_last=False, **CHOICES)
    other = fit(network(), numbers, **CHOICES)
    assert same(one.network, other.network)


@pytest.mark.parametrize("workers", [0, 1])
def test_streamed_images_train_to_the_same_weights(same, workers):
    augment = augmentation(flip=0.5, crop=2, cutmix=1.0)
    trainings = [
        fit(
            network(),
            rows(stream=stream, augment=augment, workers=workers),
            validation=rows(30, seed=1, stream=stream, workers=0),
            **CHOICES,
        )
        for stream in (False, True)
    ]
    assert same(trainings[0].network, trainings[1].network)
    losses = [[record["validation_loss"] for record in training.history] for training in trainings]
    assert losses[0] == losses[1]


def test_validation_images_are_never_augmented():
    seen = []

    def poison(images):
        seen.append(len(images))
        return torch.zeros_like(images)

    def explode(images):
        raise AssertionError("validation images were augmented")

    validation = rows(30, seed=1, augment=explode)
    fit(network(), rows(64, augment=poison), validation=validation, **CHOICES)
    assert sum(seen) == 3 * 64


def test_training_images_are_augmented_anew_in_every_epoch(same):
    batches = []

    def noted(images):
        batches.append(augmentation(flip=0.5, crop=3)(images)[0])
        return batches[-1]

    fit(network(), rows(64, augment=noted), **CHOICES)
    epochs = [torch.cat(batches[start : start + 4]) for start in (0, 4, 8)]
    sums = [epoch.double().sum((1, 2, 3)).sort().values for epoch in epochs]
    assert not torch.equal(sums[0], sums[1]) and not torch.equal(sums[1], sums[2])


def test_the_seed_decides(same):
    def trained(seed: int) -> nn.Module:
        torch.manual_seed(seed + 99)  # the caller's generator has no say
        return fit(network(), rows(augment=augmentation(mixup=0.4)), **{**CHOICES, "seed": seed}).network

    assert same(trained(1), trained(1)) and not same(trained(1), trained(2))


@pytest.mark.parametrize("schedule", ["triangle", "onecycle"])
@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_a_resumed_training_is_the_uninterrupted_one(same, tmp_path, monkeypatch, optimizer, schedule):
    monkeypatch.setattr("assay.training.checkpoint._MAX_SHARE", float("inf"))
    choices = CHOICES | {
        "ema": 0.9,
        "nesterov": True,
        "optimizer": optimizer,
        "schedule": schedule,
        "bias_rate": 4,
        "decay_biases": False,
        "label_smoothing": 0.1,
    }
    data = rows(augment=augmentation(flip=0.5, crop=2, mixup=0.3, cutmix=1.0, mix_share=0.7))
    validation = rows(30, seed=1)
    whole = fit(network(), data, validation=validation, **choices)
    with pytest.raises(CrashError):
        fit(network(), data, validation=validation, folder=tmp_path, hooks=[CrashAfter(1)], **choices)
    parts = fit(network(), data, validation=validation, folder=tmp_path, resume=True, **choices)
    assert same(whole.network, parts.network)
    assert [record["validation_loss"] for record in read_jsonl(tmp_path / "history.jsonl")] == [
        record["validation_loss"] for record in whole.history
    ]


def test_another_augmentation_does_not_resume(tmp_path):
    fit(network(), rows(augment=augmentation(flip=0.5)), folder=tmp_path, **CHOICES)
    with pytest.raises(RecipeError, match=r"augmentation was .*'flip': 0.5.* and is .*'flip': 0.4"):
        fit(network(), rows(augment=augmentation(flip=0.4)), folder=tmp_path, resume=True, **CHOICES)


@pytest.mark.parametrize(("loss", "num_outputs"), [("cross_entropy", 3), ("bce", 1), ("mse", 1)])
def test_mixing_works_with_every_kind_of_target(loss, num_outputs):
    images, labels = image_set(66)
    targets = {"cross_entropy": labels, "bce": labels == 1, "mse": labels * 2.5}[loss]
    data = ImageRows(images, targets, prepare, augment=augmentation(mixup=0.4, cutmix=1.0))
    weights = {"cross_entropy": [1.0, 2.0, 0.5], "bce": [1.0, 2.0], "mse": None}[loss]
    choices = CHOICES | {"epochs": 8, "learning_rate": 0.003}
    validation = ImageRows(images, targets, prepare)
    training = fit(
        network(num_outputs), data, validation=validation, loss=loss, class_weights=weights, **choices
    )
    losses = [record["validation_loss"] for record in training.history]
    assert len(losses) == 8 and losses[-1] < 0.8 * losses[0]


def test_sample_weights_draw_images():
    drawn = []

    def noted(images):
        drawn.append(images)
        return images

    data, weights = rows(60, augment=noted), np.arange(60) >= 30
    fit(network(), data, sample_weights=weights.astype(float), **{**CHOICES, "epochs": 1})
    wanted = data.images.tensor_NCHW[30:].repeat(2, 1, 1, 1)
    found = torch.cat(drawn)
    assert torch.equal(_sorted(found), _sorted(wanted))


def _sorted(images: torch.Tensor) -> torch.Tensor:
    flat = images.flatten(1)
    return flat[np.lexsort(flat.numpy().T[:50])]


def test_the_last_image_is_never_alone():
    sizes: list[int] = []

    def noted(images):
        sizes.append(len(images))
        return images

    for stream in (False, True):
        sizes.clear()
        data = rows(33, stream=stream, augment=noted, workers=0)
        fit(network(), data, **{**CHOICES, "epochs": 1})
        assert sizes == [16, 17]


def test_a_learning_rate_is_found_for_images():
    rate = find_learning_rate(network(), rows(64, augment=augmentation(cutmix=1.0)))
    assert 1e-6 <= rate <= 0.1


def test_images_are_trained_one_after_the_other(same):
    settings = fit(network(), rows(), **CHOICES).settings
    both = fit_together([network(), network()], rows(), settings=[settings] * 2, seeds=[2, 3])
    assert same(both[0].network, fit(network(), rows(), **CHOICES).network)


def test_convolutions_are_computed_in_bf16_where_that_is_quick(monkeypatch):
    for quick in (False, True):
        monkeypatch.setattr("assay.training.fit.is_bf16_quick", lambda device, quick=quick: quick)
        asked = {**CHOICES, "epochs": 1, "precision": "auto"}
        if not quick or torch.ops.mkldnn._is_mkldnn_bf16_supported():
            settings = fit(network(), rows(), **asked).settings
            assert settings.precision == ("bf16" if quick else "auto")


def test_filters_lie_as_files_need_them_afterwards():
    training = fit(network(), rows(), channels_last=True, **CHOICES)
    assert all(weight.is_contiguous() for weight in training.network.parameters())


def test_the_layout_in_memory_changes_no_result():
    trained = [fit(network(), rows(), channels_last=wanted, **CHOICES) for wanted in (False, True)]
    losses = [[record["train_loss"] for record in training.history] for training in trained]
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def test_a_prepare_module_stays_as_it_is(same):
    class Prepare(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Buffer(torch.tensor(60.0))

        def forward(self, images):
            return (images.float() - 80) / self.scale

    images, labels = image_set(65)
    trained = fit(network(), ImageRows(images, labels, Prepare()), **CHOICES).network
    assert same(trained, fit(network(), rows(), **CHOICES).network)


def test_mistakes_are_named():
    images, labels = image_set(20)
    with pytest.raises(DataError, match="20 rows of inputs and 19 targets"):
        fit(network(), ImageRows(images, labels[:-1], prepare), **CHOICES)
    with pytest.raises(DataError, match="no images"):
        fit(network(), ImageRows(images.take(np.arange(0)), labels[:0], prepare), **CHOICES)
    with pytest.raises(RecipeError, match="must keep the number of images"):
        fit(network(), ImageRows(images, labels, prepare, augment=lambda batch: batch[1:]), **CHOICES)
    with pytest.raises(RecipeError, match="does not take inputs of shape"):
        fit(network(), ImageRows(images, labels, lambda batch: batch[:, :1].float()), **CHOICES)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda():
    data, validation = rows(300, augment=augmentation(trivial=True, cutmix=1.0)), rows(90, seed=1)
    training = fit(
        network(), data, validation=validation, device="cuda", ema=0.9, **CHOICES | {"precision": "bf16"}
    )
    assert training.history[-1]["validation_loss"] < training.history[0]["validation_loss"]


class Viewing(nn.Module):
    """Flattens by `view`, as many networks that people bring do."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.output = nn.Conv2d(3, 4, 3, padding=1), nn.Linear(4 * 16 * 16, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.output(self.conv(x).view(len(x), -1))


class Flattening(Viewing):
    """The same by `flatten`."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.output(self.conv(x).flatten(1))


def test_a_network_that_calls_view_is_trained_with_its_images_as_they_are() -> None:
    training = fit(Viewing(), rows(), epochs=1)
    assert training.settings.channels_last is False
    assert "view" in training.reasons["channels_last"]
    assert fit(Flattening(), rows(), epochs=1).settings.channels_last is True
