"""The floor of images: equal images with other labels from below, doubted labels from above."""

import numpy as np
import pytest
import torch

from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.data.images.as_images import as_images
from assay.data.images.image_format import ImageFormat
from assay.diagnosis.diagnose import diagnose
from assay.diagnosis.floor import estimate_image_floor
from assay.diagnosis.floor.equal_images import equal_images
from assay.diagnosis.floor.label_noise import doubted_labels, unequal_labels
from assay.diagnosis.verdict import Verdict

LABELS = ("cat", "dog", "ship", "frog")


def network(num_rows: int, *, right: float, noise: float = 0.0, seed: int = 0) -> Predictions:
    """A network that is sure of what is on the image, right about it so often; labels are noisy."""
    rng = np.random.default_rng(seed)
    seen_N = rng.integers(len(LABELS), size=num_rows)
    label_N = np.where(rng.random(num_rows) < noise, (seen_N + 1) % len(LABELS), seen_N)
    said_N = np.where(rng.random(num_rows) < right, seen_N, rng.integers(len(LABELS), size=num_rows))
    sure_N = np.where(said_N == seen_N, 0.95, rng.uniform(0.3, 0.6, num_rows))
    output = np.full((num_rows, len(LABELS)), ((1 - sure_N) / (len(LABELS) - 1))[:, None])
    output[np.arange(num_rows), said_N] = sure_N
    return Predictions(Task.MULTICLASS, label_N, output, LABELS)


@pytest.mark.parametrize("noise", [0.0, 0.05, 0.15])
def test_a_good_network_doubts_the_labels_that_are_wrong(noise: float) -> None:
    estimate = doubted_labels(network(4000, right=0.97, noise=noise))
    assert estimate.low == 0.0
    assert estimate.high is not None
    assert noise - 0.01 < estimate.high < noise + 0.05


def test_doubts_are_never_more_than_the_errors() -> None:
    p = network(2000, right=0.5, noise=0.1)
    doubted = 2.0 * (doubted_labels(p).value or 0.0)
    assert 0.0 < doubted <= float((p.predicted != p.truth).mean())


def test_one_image_with_two_labels_is_an_error_for_everybody() -> None:
    same_N, class_N = np.arange(1000), np.zeros(1000, dtype=np.int64)
    same_N[500:600], class_N[500:600] = same_N[:100], 1  # a tenth of all images is missed
    estimate = unequal_labels(np.unique(same_N, return_inverse=True)[1], class_N)
    assert estimate is not None
    assert 0.07 < estimate.low < 0.1
    assert "200 of 1,000 images" in estimate.because


def test_copies_with_the_same_label_say_nothing() -> None:
    same_N = np.repeat(np.arange(500), 2)
    assert unequal_labels(same_N, same_N % 4) is None


def test_the_interval_holds_the_truth_and_is_told() -> None:
    train, validation = network(4000, right=0.99, noise=0.1), network(2000, right=0.97, noise=0.1, seed=1)
    floor = estimate_image_floor(train, [validation], "accuracy")
    assert floor.is_known
    assert floor.interval.low == 0.0
    assert 0.1 < floor.interval.high < float((validation.predicted != validation.truth).mean()) + 0.05
    assert "the network itself doubts" in floor.agreement
    assert floor == type(floor).from_json(floor.to_json())


def test_several_networks_doubt_less_than_one() -> None:
    train = network(1000, right=0.8)
    runs = [network(1000, right=0.6, seed=seed) for seed in range(3)]
    # The same images and labels; each network is wrong about others.
    base = network(1000, right=1.0, seed=7)
    runs = [Predictions(base.task, base.truth, _mixed(base, run), LABELS) for run in runs]
    one = estimate_image_floor(train, runs[:1], "accuracy")
    three = estimate_image_floor(train, runs, "accuracy")
    assert three.interval.high < one.interval.high
    assert [each.method for each in three.estimates][:2] == ["validation error", "mean of the networks"]


def _mixed(base: Predictions, other: Predictions) -> np.ndarray:
    """The base's answers, wrong where the other network is."""
    wrong_N = other.predicted != other.truth
    rolled = np.roll(base.output, 1, axis=1)
    return np.where(wrong_N[:, None], rolled, base.output)


def test_other_metrics_have_bounds_alone() -> None:
    train, validation = network(500, right=0.9), network(500, right=0.8, seed=1)
    floor = estimate_image_floor(train, [validation], "f1")
    assert not floor.is_known
    assert floor.interval.high < 1.0


def test_values_of_images_have_bounds_alone() -> None:
    rng = np.random.default_rng(0)
    p = Predictions(Task.REGRESSION, rng.normal(size=400), rng.normal(size=400))
    floor = estimate_image_floor(p, [p], "rmse", same=np.arange(800))
    assert not floor.is_known
    assert floor.interval.low == 0.0


def test_high_bias_can_be_told_without_a_stated_floor() -> None:
    train, validation = network(8000, right=0.6), network(3000, right=0.6, seed=1)
    floor = estimate_image_floor(train, [network(3000, right=0.98, seed=1)], "accuracy")
    found = diagnose(train, validation, floor=floor, of_images=True)
    assert found.verdict is Verdict.HIGH_BIAS
    assert found.remedies[0].name == "residual network"


def test_equal_pixels_are_equal_images() -> None:
    pixels = torch.randint(0, 256, (50, 3, 8, 8), dtype=torch.uint8)
    pixels[40] = pixels[3]
    pixels[45] = pixels[3]
    pixels[46] = pixels[4]
    pixels[46, 0, 0, 0] += 1
    images = as_images(pixels, ImageFormat(3, 8, 8))
    number_N = equal_images([images.take(np.arange(30)), images.take(np.arange(30, 50))])
    assert number_N.shape == (50,)
    assert number_N[3] == number_N[40] == number_N[45]
    assert len(np.unique(number_N)) == 48
