"""The last layer of a pretrained network learns before the rest follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from assay.networks.backbone import BackboneTail
from assay.study.any_trial import AnyTrial, Material
from assay.study.image_training import first_image_training
from assay.training.fit import fit
from assay.training.settings import TrainingSettings, resolve

if TYPE_CHECKING:
    from assay.data.images.augmentation import AugmentationSettings
    from assay.study.image_trial import ImageTrial
    from assay.study.progress import Progress

_BATCH = 64  # images
_VIEWS = 2  # as it is and mirrored


def start_head(trial: ImageTrial, progress: Progress) -> None:
    """Fit the last layer of a trial's network to what its body sees before it is tuned.

    A random last layer sends large gradients into a body that was good already; one that fits leaves the
    features where they are of use (Kumar et al. 2022, Fine-tuning can distort pretrained features).

    Args:
        trial: whose network is not frozen, and has its pretrained weights still.
        progress: hears what came of it.
    """
    recipe = trial.recipe
    own = trial.network_settings.model_copy(update={"frozen": True, "views": _VIEWS})
    training, _ = first_image_training(TrainingSettings(loss=recipe.training.loss), own, len(trial.train))
    training, _ = resolve(training, len(trial.train))
    changes = {"network": own, "training": training, "augmentation": _unmixed(recipe.augmentation)}
    frozen = replace(trial, recipe=recipe.model_copy(update=changes))
    if trial.keeps_features:
        material = _pooled(trial, AnyTrial.material(trial))
    else:
        frozen.fit_scale()
        if not frozen.keeps_features:
            return  # they would not fit into memory
        material = AnyTrial.material(frozen)  # its own would make the network ready once more
    found = fit(
        frozen.learner,
        material.train,
        validation=material.validation,
        settings=training,
        seed=trial.seed,
        device=recipe.device,
        class_weights=material.class_weights,
        sample_weights=material.sample_weights,
    )
    last = found.history[-1]
    name = next((name for name in ("accuracy", "rmse") if f"validation_{name}" in last), "loss")
    progress.say(
        "",
        f"the last layer first, in {found.seconds:.0f} s: validation {name} {last[f'validation_{name}']:.4g}",
    )


def _unmixed(augmentation: AugmentationSettings | None) -> AugmentationSettings | None:
    """Without blends of two images, whose features nobody can keep."""
    return None if augmentation is None else augmentation.model_copy(update={"mixup": 0.0, "cutmix": 0.0})


@torch.no_grad()
def _pooled(trial: ImageTrial, material: Material) -> Material:
    """The features that maps of the stages before become, and the last layer on their scale."""
    tail = trial.learner.eval()
    assert isinstance(tail, BackboneTail)
    parts = []
    for rows in (material.train, material.validation):
        seen = [[tail.features(maps) for maps in view.split(_BATCH)] for view in rows.views_VNF]
        parts.append(replace(rows, views_VNF=torch.stack([torch.cat(view) for view in seen])))
    tail.last.fit_scale(parts[0].views_VNF[0])
    return replace(material, train=parts[0], validation=parts[1])
