"""Against high bias on images: let the network see more, and let the training get there."""

from __future__ import annotations

from assay.study.remedies.bias import LARGER_RATE, LARGEST_RATE
from assay.study.remedies.remedy import Aim, Changes, Remedy
from assay.study.remedies.state import State

_WIDEST, _MOST_CONVS, _MOST_EPOCHS = 512, 5, 500
_LEAST_EPOCHS, _USUAL_EPOCHS = 10, 30
_TUNED_STAGES = 4
_TUNING = {"training.learning_rate": 3e-4, "training.epochs": 10, "training.weight_decay": 0.01}
_LEAST_SIDE = 64  # pixels: on smaller images the first layers of a backbone leave next to nothing


def _longer(state: State) -> Changes | None:
    training = state.recipe.training
    more = min(2 * training.epochs, _MOST_EPOCHS)
    return {"training.epochs": more} if state.was_cut and more > training.epochs else None


def _residual(state: State) -> Changes | None:
    network = state.image_network
    if network.kind != "cnn":
        return None
    return {
        "network.kind": "resnet",
        "network.convs": [3],
        "network.batch_norm": True,
        "network.norm_position": "before",
        "network.final_pool": "max",
    }


def _wider(state: State) -> Changes | None:
    network = state.image_network
    if network.kind == "backbone" or max(network.widths) >= _WIDEST:
        return None
    return {"network.widths": [min(-(-3 * width // 16) * 8, _WIDEST) for width in network.widths]}


def _deeper(state: State) -> Changes | None:
    network = state.image_network
    more = 2 if network.kind == "resnet" else 1
    if network.kind == "backbone" or max(network.convs) + more > _MOST_CONVS:
        return None
    return {"network.convs": [convs + more for convs in network.convs]}


def _one_cycle(state: State) -> Changes | None:
    training = state.recipe.training
    if training.schedule in {"onecycle", "triangle"}:
        return None
    epochs = min(max(state.best_epoch, _LEAST_EPOCHS), _USUAL_EPOCHS)
    peak = max(min(4.0 * state.learning_rate, LARGEST_RATE[training.optimizer]), state.learning_rate)
    return {
        "training.schedule": "onecycle",
        "training.patience": 0,
        "training.epochs": epochs,
        "training.learning_rate": peak,
    }


def _batch_norm(state: State) -> Changes | None:
    network = state.image_network
    return None if network.kind == "backbone" or network.batch_norm else {"network.batch_norm": True}


def _backbone(state: State) -> Changes | None:
    if state.image_network.kind == "backbone" or state.shape is None or min(state.shape[1:]) < _LEAST_SIDE:
        return None
    name = state.facts.backbone()
    return {"network.kind": "backbone", "network.backbone": name, "network.frozen": True} if name else None


def _fine_tuning(state: State) -> Changes | None:
    network = state.image_network
    if network.kind != "backbone" or not network.frozen:
        return None
    return {"network.frozen": False, "network.tuned": _TUNED_STAGES, **_TUNING}


BACKBONE = Remedy(
    "pretrained backbone",
    Aim.BIAS,
    "the weights of a network that has seen ImageNet lie on this machine, and images have 64 pixels or more",
    "features learnt from a million photos need only a last layer of one's own",
    "Yosinski et al. 2014, How transferable are features in deep neural networks?",
    _backbone,
)
IMAGE_BIAS = (
    Remedy(
        "residual network",
        Aim.BIAS,
        "the network is a plain stack of convolutions",
        "layers that add to what they get can be many and still learn",
        "He et al. 2016, Deep residual learning",
        _residual,
    ),
    Remedy(
        "one-cycle schedule",
        Aim.BIAS,
        "the learning rate follows another schedule",
        "a high rate in the middle gets far, and its fall to nothing settles, in few epochs",
        "Smith and Topin 2018, Super-convergence",
        _one_cycle,
    ),
    Remedy(
        "longer training",
        Aim.BIAS,
        "only the number of epochs ended the training, at its best",
        "twice the epochs, through which the schedule runs once",
        "Ng 2018, Machine Learning Yearning, 25",
        _longer,
    ),
    Remedy(
        "wider network",
        Aim.BIAS,
        "no block has 512 filters yet",
        "half as many filters again see more kinds of shapes",
        "Zagoruyko and Komodakis 2016, Wide residual networks",
        _wider,
    ),
    BACKBONE,
    Remedy(
        "fine-tuning",
        Aim.BIAS,
        "the backbone is frozen",
        "the last stages' features come to suit these images, in small steps",
        "Yosinski et al. 2014, How transferable are features in deep neural networks?",
        _fine_tuning,
    ),
    Remedy(
        "deeper network",
        Aim.BIAS,
        "blocks have fewer than five convolutions",
        "more convolutions see further and build shapes out of shapes",
        "Simonyan and Zisserman 2015, Very deep convolutional networks",
        _deeper,
    ),
    Remedy(
        "batch norm",
        Aim.BIAS,
        "there are convolutions without it",
        "layers with steady inputs bear larger steps",
        "Ioffe and Szegedy 2015, Batch normalization",
        _batch_norm,
    ),
    LARGER_RATE,
)
