"""What a frozen body sees in images: it looks at each once, and a last layer learns from that in seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor, nn

from assay.core.device import resolve_device
from assay.core.seeds import child_seed
from assay.data.images.augmentation import Augmentation
from assay.data.images.images import Images, StreamedImages
from assay.training.memory_layout import channels_last

if TYPE_CHECKING:
    from assay.data.images.augmentation import AugmentationSettings
    from assay.data.images.preparation import ImagePreparation
    from assay.networks import Backbone

# V views, N images, B images of a batch, C channels, H by W pixels, F features.

Change = Callable[[Tensor], Tensor]

_BATCH = 32  # images: their maps stay in the cache of a CPU
_MOST_BYTES = 1 << 30  # that the features of a set may take
# By the images themselves, so that the trainings of a study share them, and they go when the images go.
_KEPT: WeakKeyDictionary[Images, dict[str, Tensor]] = WeakKeyDictionary()


@dataclass(frozen=True)
class FrozenFeatures:
    """Looks at images with a network's body and keeps what it sees.

    A second question about the same `Images` object and the same body is answered from memory.

    Args:
        network: its weights and mode stay as they are; the body is evaluated as it stands.
        preparation: of the images.
        device: where the body runs.
        still: the half of the network that does not learn, of which the maps are kept; absent: its features.
    """

    network: Backbone
    preparation: ImagePreparation
    device: str
    still: nn.Module | None = None

    def plain(self, images: Images) -> Tensor:
        """(1, N, F) float32: of each image as it is."""
        return self._kept(images, "as it is", [_same])

    def measured(self, images: Images) -> Tensor:
        """(1, N, F) float32: as the network sees them when it predicts; with `test_time_flip` the mean of an
        image and its mirror image, as the last layer is linear. Of maps: those of the image as it is.
        """
        if not self.network.test_time_flip or self.still is not None:
            return self.plain(images)
        return self._kept(images, "as it is, mirrored", [_same, _mirrored]).mean(0, keepdim=True)

    def views(
        self, images: Images, augmentation: AugmentationSettings | None, count: int, seed: int
    ) -> Tensor:
        """(V, N, F) float32: each image as it is, mirrored, then augmented, up to `count` looks.

        Args:
            images: of training.
            augmentation: settings; without, or where it does nothing but mirror, there are fewer views.
            count: at least 1.
            seed: of the augmentation.
        """
        changes = _changes(augmentation, count, seed)
        what = "" if augmentation is None else augmentation.model_dump_json()
        return self._kept(images, f"{what} {len(changes)} {seed}", changes)

    def fits(self, images: Images, count: int) -> bool:
        """Whether `count` views of the images may be kept in memory."""
        was_training = self.network.training
        self.network.eval()  # batch norms must not learn from this one image
        one = self._seen(images.batch(np.arange(1))).numel()
        self.network.train(was_training)
        return 4 * count * len(images) * one <= _MOST_BYTES

    def _kept(self, images: Images, what: str, changes: list[Change]) -> Tensor:
        key = f"{what} {self._fingerprint()}"
        known = _KEPT.setdefault(images, {})
        if key not in known:
            known[key] = self._looked(images, changes)
        return known[key]

    @torch.no_grad()
    def _looked(self, images: Images, changes: list[Change]) -> Tensor:
        place, was_training = resolve_device(self.device), self.network.training
        views, start = [list[Tensor]() for _ in changes], 0
        try:
            self.network.eval().to(place)
            with channels_last(self.network, True), torch.random.fork_rng(devices=[]):
                for pixels in _batches(images):
                    for view, change in zip(views, changes, strict=True):
                        torch.manual_seed(child_seed(start, "look"))
                        view.append(self._seen(change(pixels)).cpu())
                    start += len(pixels)
        finally:
            self.network.to("cpu").train(was_training)
        return torch.stack([torch.cat(view) for view in views])

    @torch.no_grad()
    def _seen(self, pixels_BCHW: Tensor) -> Tensor:
        x_BCHW = self.preparation(pixels_BCHW).to(next(self.network.body.parameters()).device)
        x_BCHW = x_BCHW.contiguous(memory_format=torch.channels_last)
        seen: Tensor = self.network.features(x_BCHW) if self.still is None else self.still(x_BCHW)
        return seen.contiguous()

    def _fingerprint(self) -> str:
        """Of everything but the images that decides what the body sees."""
        found = hashlib.sha256()
        for part in (self.network.body, self.network.norm, self.preparation):
            for name, value in part.state_dict().items():
                found.update(name.encode())
                found.update(value.cpu().contiguous().numpy().tobytes())
        own, half = self.network, "features" if self.still is None else type(self.still).__name__
        half += f" {own.settings.tuned}"
        return f"{half} {found.hexdigest()} {own.settings.final_pool} {own.settings.tapped} {self.device}"


def _batches(images: Images) -> Iterator[Tensor]:
    if isinstance(images, StreamedImages):
        yield from images.loader(np.arange(len(images)), _BATCH)
    else:
        yield from images.batches(_BATCH)


def _changes(augmentation: AugmentationSettings | None, count: int, seed: int) -> list[Change]:
    """What is done to the images of each view."""
    if augmentation is None or not augmentation.is_on:
        return [_same]
    mirrors = augmentation.flip > 0 or augmentation.alternate
    changes: list[Change] = [_same, *([_mirrored] if mirrors else [])]
    still = augmentation.model_copy(update={"flip": 0.0, "alternate": False})
    if not still.is_on:
        return changes[:count]
    random = augmentation.model_copy(update={"flip": 0.5}) if mirrors else augmentation
    while len(changes) < count:
        changes.append(_Augmented(random, child_seed(seed, "view", len(changes))))
    return changes[:count]


@dataclass(frozen=True)
class _Augmented:
    """One random change of each image, the same whenever it is made."""

    settings: AugmentationSettings
    seed: int

    def __call__(self, images_BCHW: Tensor) -> Tensor:
        torch.manual_seed(child_seed(self.seed, "images", torch.initial_seed()))
        return Augmentation(self.settings).changed(images_BCHW)


def _same(images_BCHW: Tensor) -> Tensor:
    return images_BCHW


def _mirrored(images_BCHW: Tensor) -> Tensor:
    return images_BCHW.flip(3)
