"""Against high variance on images: show each one in other ways, and leave less to memorise with."""

from __future__ import annotations

from assay.data.images.augmentation import first_augmentation
from assay.study.remedies.remedy import Aim, Changes, Remedy
from assay.study.remedies.state import State
from assay.study.remedies.variance import EARLY_STOPPING, LABEL_SMOOTHING, WEIGHT_DECAY

_MOST_DROPOUT, _NARROWEST = 0.5, 8
_CUT_SHARE = 0.375  # of the side: 12 of 32 pixels
_JITTER = 0.4
_VIEWS = 8  # of which two are not augmented
_MEMORY = 0.02  # of all steps that averaged weights look back on
_SHORTEST, _LONGEST = 0.9, 0.9999


def _flip_and_crop(state: State) -> Changes | None:
    own = state.augmentation
    if state.shape is None or own.flip or own.alternate or own.crop:
        return None
    first, _ = first_augmentation(state.num_rows, state.shape)
    if first is None:
        return None
    return _looked_at(state, {"augmentation.flip": first.flip, "augmentation.crop": first.crop})


def _cutout(state: State) -> Changes | None:
    side = 0 if state.shape is None else round(_CUT_SHARE * min(state.shape[1:]))
    return (
        _looked_at(state, {"augmentation.cutout": side}) if side and not state.augmentation.cutout else None
    )


def _trivial(state: State) -> Changes | None:
    return None if state.augmentation.trivial else _looked_at(state, {"augmentation.trivial": True})


def _colour(state: State) -> Changes | None:
    is_grey = state.shape is not None and state.shape[0] == 1
    if is_grey or state.augmentation.colour or state.augmentation.trivial:
        return None
    return _looked_at(state, {"augmentation.colour": _JITTER, "augmentation.greyscale": 0.1})


def _mixup(state: State) -> Changes | None:
    return {"augmentation.mixup": 0.2} if _can_mix(state) else None


def _cutmix(state: State) -> Changes | None:
    return {"augmentation.cutmix": 1.0} if _can_mix(state) else None


def _can_mix(state: State) -> bool:
    is_mixed = state.augmentation.mixup or state.augmentation.cutmix
    return state.task.is_classification and not is_mixed and not _keeps_features(state)


def _keeps_features(state: State) -> bool:
    """Whether a frozen body looks at each image a few times only; a mixed one would be looked at anew."""
    network = state.image_network
    return network.kind == "backbone" and network.frozen and network.views > 0


def _looked_at(state: State, changes: Changes) -> Changes:
    """The changes, and as many looks of a frozen body as it takes to see what they do."""
    if _keeps_features(state) and state.image_network.views < _VIEWS:
        return {**changes, "network.views": _VIEWS}
    return changes


def _averaged(state: State) -> Changes | None:
    training = state.recipe.training
    if training.ema:
        return None
    steps = training.epochs * max(state.num_rows // (training.batch_size or state.num_rows), 1)
    decay = min(max(1.0 - 1.0 / (_MEMORY * steps + 1.0), _SHORTEST), _LONGEST)
    return {"training.ema": float(f"{decay:.4f}")}


def _test_time_flip(state: State) -> Changes | None:
    is_mirrored = state.augmentation.flip or state.augmentation.alternate
    if not is_mirrored or state.image_network.test_time_flip:
        return None
    return {"network.test_time_flip": True}


def _dropout(state: State) -> Changes | None:
    dropout = state.image_network.dropout
    return None if dropout >= _MOST_DROPOUT else {"network.dropout": min(dropout + 0.2, _MOST_DROPOUT)}


def _smaller(state: State) -> Changes | None:
    network = state.image_network
    if network.kind == "backbone" or max(network.widths) <= _NARROWEST:
        return None
    return {"network.widths": [max(width // 2, _NARROWEST) for width in network.widths]}


IMAGE_VARIANCE = (
    Remedy(
        "flip and crop",
        Aim.VARIANCE,
        "images are neither mirrored nor moved in training, and are large enough",
        "a photo that is mirrored or moved a little shows the same",
        "He et al. 2016, Deep residual learning, 4.2",
        _flip_and_crop,
    ),
    LABEL_SMOOTHING,
    Remedy(
        "cutout",
        Aim.VARIANCE,
        "nothing is covered in training",
        "a network that cannot count on one part has to know the others",
        "DeVries and Taylor 2017, Improved regularization of convolutional neural networks with cutout",
        _cutout,
    ),
    Remedy(
        "averaged weights",
        Aim.VARIANCE,
        "the weights of the last step are kept",
        "a mean over the last steps lies in the middle of what they wander about in",
        "Polyak and Juditsky 1992; Izmailov et al. 2018, Averaging weights leads to wider optima",
        _averaged,
    ),
    Remedy(
        "test-time flip",
        Aim.VARIANCE,
        "images are mirrored in training, and not in prediction",
        "the mean of two views of an image varies less than one",
        "Krizhevsky, Sutskever and Hinton 2012, ImageNet classification, 4.1",
        _test_time_flip,
    ),
    Remedy(
        "TrivialAugment",
        Aim.VARIANCE,
        "it is not used yet",
        "one of 14 changes an image, of any strength, and nothing to tune",
        "Müller and Hutter 2021, TrivialAugment",
        _trivial,
    ),
    Remedy(
        "cutmix",
        Aim.VARIANCE,
        "the target is one of classes, and images are not mixed",
        "a part of one image in another, with both labels, can't be memorised",
        "Yun et al. 2019, CutMix",
        _cutmix,
    ),
    Remedy(
        "mixup",
        Aim.VARIANCE,
        "the target is one of classes, and images are not mixed",
        "between two images the answer lies between their labels",
        "Zhang et al. 2018, mixup",
        _mixup,
    ),
    WEIGHT_DECAY,
    Remedy(
        "colour changes",
        Aim.VARIANCE,
        "images have colours that are left as they are",
        "what light does to an image says nothing of what it shows",
        "Howard 2013, Some improvements on deep convolutional neural network based image classification",
        _colour,
    ),
    Remedy(
        "dropout",
        Aim.VARIANCE,
        "less than half of the numbers before the last layers are left out",
        "units that cannot rely on each other memorise less",
        "Srivastava et al. 2014, Dropout",
        _dropout,
    ),
    EARLY_STOPPING,
    Remedy(
        "smaller network",
        Aim.VARIANCE,
        "there are blocks of more than eight filters",
        "fewer weights can memorise less",
        "Ng 2018, Machine Learning Yearning, 26",
        _smaller,
    ),
)
