"""One training of one recipe on images: preparation, augmentation, network, fit, predictions."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from assay.core.device import resolve_device
from assay.core.errors import RecipeError
from assay.core.seeds import child_seed
from assay.data.images.augmentation import Augmentation, first_augmentation
from assay.data.images.preparation import IMAGENET, ImagePreparation
from assay.data.target import Target
from assay.networks import Backbone, ImageNetworkSettings, build_image_network, first_image_network, layers
from assay.networks.backbone_files import cached_backbone
from assay.networks.image_builder import settings_of_kind
from assay.study.any_trial import AnyTrial, Material
from assay.study.frozen_features import FrozenFeatures
from assay.study.head_start import start_head
from assay.study.image_training import first_image_training
from assay.study.progress import Progress, Silence
from assay.training.image_source import ImageRows
from assay.training.settings import resolve
from assay.training.view_source import ViewRows

if TYPE_CHECKING:
    from assay.bundle.bundle import Bundle
    from assay.bundle.target_scale import TargetScale
    from assay.data.images.augmentation import AugmentationSettings
    from assay.data.images.images import Images
    from assay.data.table import Table
    from assay.networks.image_network import ImageNetwork
    from assay.study.recipe import Recipe
    from assay.training.training import Training

_FEW, _LEAST_SIDE = 5_000, 64  # training images, and pixels, where a pretrained network is advised
_SCALED_BY = 2_048  # images that the scale of features is measured on, where they are not kept
_LOOKED_AT = 2**23  # numbers of the training images that a whitening layer is made from


@dataclass(frozen=True)
class ImageTrial(AnyTrial):
    """A training on images; `Trial` is the other kind."""

    preparation: ImagePreparation
    network: ImageNetwork

    @classmethod
    def of(cls, recipe: Recipe, train: Table, validation: Table, seed: int | None = None) -> ImageTrial:
        """Fit the preparation and choose augmentation, network and how it is trained.

        Args:
            recipe: of the training.
            train: the training images.
            validation: the validation images.
            seed: of the first weights and of the order of the images; absent, that of the recipe.

        Raises:
            RecipeError: settings that do not go together.
            DataError: an image cannot be decoded.
        """
        seed = recipe.seed if seed is None else seed
        images, target = images_of(train), Target.of(train, np.arange(len(train)))
        augmentation, changes = _augmentation_settings(recipe, images)
        network_settings, why = _network_settings(recipe, images, target)
        if _is_mirrored(network_settings, augmentation):
            network_settings = network_settings.model_copy(update={"test_time_flip": True})
            why |= {
                "test_time_flip": "mirror images may be trained on, and few images leave the answer unsure"
            }
        training, ruled = first_image_training(recipe.training, network_settings, len(train))
        training, resolved_by = resolve(training, len(train))
        preparation = ImagePreparation.fit(
            train, like=IMAGENET if network_settings.kind == "backbone" else None
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(child_seed(seed, "weights"))
            network = build_image_network(
                network_settings,
                images.shape,
                target.num_outputs,
                images=preparation(_some(images)) if network_settings.whitening else None,
            )
        resolved = recipe.model_copy(
            update={"network": network_settings, "augmentation": augmentation, "training": training}
        )
        reasons = {f"network.{name}": reason for name, reason in why.items()}
        reasons |= {f"augmentation.{name}": reason for name, reason in changes.items()}
        reasons |= {f"training.{name}": reason for name, reason in (resolved_by | ruled).items()}
        return cls(resolved, reasons, train, validation, preparation, target, network, seed)

    @property
    def layers(self) -> list[dict[str, Any]]:
        """What each layer of the network is, gives and holds."""
        return layers(self.network, self.preparation.output_shape)

    def words(self) -> list[tuple[str, str]]:
        """Inputs and layers as the run tells them: (step, line)."""
        told = [("prepare", step["did"]) for step in self.preparation.steps]
        weights = sum(weight.numel() for weight in self.network.parameters())
        settings = self.network_settings
        name = settings.backbone if settings.kind == "backbone" else settings.kind
        return [*told, ("network", f"{name}, {len(self.layers)} layers, {weights:,} parameters")]

    def bundle(self, training: Training, scale: TargetScale | None) -> Bundle:
        """The trained network with what it needs to answer, where it was trained."""
        return super().bundle(training, scale).to(resolve_device(self.recipe.device))

    @property
    def learner(self) -> nn.Module:
        """The network; where the rest is frozen and its features are kept, the half of it that learns."""
        if self.keeps_features:
            assert isinstance(self.network, Backbone)
            return self.network.last if self.network_settings.frozen else self.network.divided()[1]
        return self.network

    @property
    def keeps_features(self) -> bool:
        """Whether the part that does not learn looks at each image once, and not in each epoch."""
        augmentation = self.recipe.augmentation
        if not isinstance(self.network, Backbone):
            return False
        own = self.network_settings
        is_mixed = augmentation is not None and (augmentation.mixup > 0 or augmentation.cutmix > 0)
        kept = (own.frozen or own.tuned is not None) and own.views > 0 and not is_mixed
        return kept and self._features.fits(images_of(self.train), own.views)

    def material(self, progress: Progress | None = None) -> Material:
        """What the network is fitted to; a pretrained one is made ready for it first.

        Args:
            progress: hears of what takes long.
        """
        if not isinstance(self.network, Backbone):
            return super().material(progress)
        start = time.perf_counter()
        listener = progress or Silence()
        listener.say("features", f"{self._body_name} looks at the images")
        if self.network_settings.frozen or self.network_settings.weights == "random":
            self.fit_scale()
        else:
            start_head(self, listener)
        made = super().material(progress)
        seconds = time.perf_counter() - start
        if self.keeps_features:
            views, images = made.train.views_VNF.shape[:2]
            told = f"kept of {images:,} training images in {views} view{'' if views == 1 else 's'}"
            listener.say("", f"{told}, and of {len(self.validation):,} validation images: {seconds:.0f} s")
        return replace(made, seconds=seconds)

    def fit_scale(self) -> None:
        """Bring the features that the last layer sees to one scale, by the training images."""
        assert isinstance(self.network, Backbone)
        images = images_of(self.train)
        if self.keeps_features and self.network_settings.frozen:
            self.network.last.fit_scale(self._views_of(images)[0])
            return
        most = min(len(images), _SCALED_BY)
        some = images.take(np.linspace(0, len(images) - 1, most).astype(np.int64))
        self.network.last.fit_scale(self._whole.plain(some)[0])

    def _views_of(self, images: Images) -> torch.Tensor:
        """By the recipe's seed, so that trainings from other seeds share them."""
        recipe = self.recipe
        return self._features.views(images, recipe.augmentation, self.network_settings.views, recipe.seed)

    @property
    def network_settings(self) -> ImageNetworkSettings:
        """Those of the recipe, all chosen."""
        assert isinstance(self.recipe.network, ImageNetworkSettings)  # a trial has chosen it
        return self.recipe.network

    @property
    def _body_name(self) -> str:
        return f"{self.network_settings.backbone}, which has seen ImageNet,"

    @property
    def _whole(self) -> FrozenFeatures:
        assert isinstance(self.network, Backbone)
        return FrozenFeatures(self.network, self.preparation, self.recipe.device)

    @property
    def _features(self) -> FrozenFeatures:
        assert isinstance(self.network, Backbone)
        if self.network_settings.frozen:
            return self._whole
        return replace(self._whole, still=self.network.divided()[0])

    def _data(self, table: Table, rows: np.ndarray | None, truth: torch.Tensor) -> ImageRows | ViewRows:
        settings, is_training = self.recipe.augmentation, table is self.train
        if self.keeps_features:
            return self._views(table, rows, truth)
        augment = Augmentation(settings) if is_training and settings is not None and settings.is_on else None
        images = images_of(table) if rows is None else images_of(table).take(rows)
        return ImageRows(images, truth, self.preparation, augment, self.recipe.images.workers)

    def _views(self, table: Table, rows: np.ndarray | None, truth: torch.Tensor) -> ViewRows:
        augmentation = self.recipe.augmentation
        if table is not self.train:
            return ViewRows(self._features.measured(images_of(table)), truth)
        views_VNF = self._views_of(images_of(table))
        made_by = {} if augmentation is None else {"augmentation": augmentation.model_dump(mode="json")}
        is_whole = rows is None or np.array_equal(rows, np.arange(len(table)))
        return ViewRows(views_VNF if is_whole else views_VNF[:, torch.from_numpy(rows)], truth, made_by)


def images_of(table: Table) -> Images:
    """What the rows show."""
    assert table.images is not None  # make_trial has asked
    return table.images


def _network_settings(
    recipe: Recipe, images: Images, target: Target
) -> tuple[ImageNetworkSettings, dict[str, str]]:
    """What somebody stated, laid over what the rules of thumb choose, and the reasons of the latter.

    Raises:
        RecipeError: a kind of network for tables was stated.
    """
    stated = {} if recipe.network is None else recipe.network.model_dump(exclude_unset=True)
    kind = stated.get("kind")
    known = ImageNetworkSettings.model_fields
    if not isinstance(recipe.network, ImageNetworkSettings) and (kind or stated.keys() - known.keys()):
        raise RecipeError(
            f"{', '.join(f'network.{name}' for name in stated)} is for tables, and the data are images",
            hint="cnn, resnet and backbone are for images",
            where="network",
        )
    first, why = first_image_network(images.shape, target.num_outputs, len(images), target.task)
    if recipe.network is None and (advice := _advice(images)):
        why |= {"kind": advice}
    of_kind = settings_of_kind(kind or first.kind)  # a remedy that changes the kind leaves others behind
    stated = {name: value for name, value in stated.items() if name in of_kind}
    if kind not in {None, first.kind}:
        return ImageNetworkSettings.checked(stated, where="network"), {}
    merged = ImageNetworkSettings.checked(first.model_dump(exclude_unset=True) | stated, where="network")
    return merged, {name: reason for name, reason in why.items() if name not in stated}


def _is_mirrored(own: ImageNetworkSettings, augmentation: AugmentationSettings | None) -> bool:
    """Whether a backbone of which nobody said otherwise is asked about mirror images too."""
    is_open = own.kind == "backbone" and "test_time_flip" not in own.model_fields_set
    return is_open and augmentation is not None and augmentation.flip > 0


def _advice(images: Images) -> str:
    """To look at a pretrained network where images are few and its weights are on this machine."""
    if len(images) >= _FEW or min(images.shape[1:]) < _LEAST_SIDE or not (name := cached_backbone()):
        return ""
    return (
        f"the simplest; {name}'s weights are on this machine, and of {len(images):,} images little can be "
        f'learnt from nothing: try network.kind = "backbone", network.backbone = "{name}"'
    )


def _augmentation_settings(
    recipe: Recipe, images: Images
) -> tuple[AugmentationSettings | None, dict[str, str]]:
    """The same for augmentation: a stated change is laid over those to begin with."""
    first, why = first_augmentation(len(images), images.shape)
    if recipe.augmentation is None:
        return first, why
    stated = recipe.augmentation.model_dump(exclude_unset=True)
    base = {} if first is None else first.model_dump(exclude_unset=True)
    merged = type(recipe.augmentation).checked(base | stated, where="augmentation")
    return merged, {name: reason for name, reason in why.items() if name not in stated}


def _some(images: Images) -> torch.Tensor:
    """(M, C, H, W) uint8: an even choice of the images."""
    most = max(1, min(len(images), _LOOKED_AT // math.prod(images.shape)))
    return images.batch(np.linspace(0, len(images) - 1, most).astype(np.int64))
