"""How a network for images is trained at first, by rules of thumb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.training.settings import TrainingSettings

if TYPE_CHECKING:
    from assay.networks.image_settings import ImageNetworkSettings

_TUNED_RATE, _HEAD_DECAY = 3e-4, 3.0
_MANY, _SOME = 20_000, 2_000  # training images


def first_image_training(
    settings: TrainingSettings, network: ImageNetworkSettings, num_rows: int
) -> tuple[TrainingSettings, dict[str, str]]:
    """The settings with what nobody stated chosen for images, and the reason of each choice.

    One cycle of the learning rate (Smith and Topin 2018) reaches in 20 epochs what a constant rate needs 100
    for; it must come to its end, so that nothing stops it early.

    Args:
        settings: as the user gave them.
        network: what is trained.
        num_rows: training images.
    """
    epochs, why = _epochs(network, num_rows)
    tuned = network.kind == "backbone" and not network.frozen
    rules: dict[str, tuple[Any, str]] = {
        "schedule": ("onecycle", "networks of convolutions bear a high learning rate that falls to zero"),
        "epochs": (epochs, why),
    }
    if settings.optimizer in {"adam", "adamw"}:
        rules["learning_rate"] = (
            (_TUNED_RATE, "small, so that what the network knows from ImageNet is kept")
            if tuned
            else (0.01, "the peak of the cycle, ten times the usual start")
        )
    if network.kind == "backbone" and network.frozen and settings.optimizer == "adamw":
        rules["weight_decay"] = (_HEAD_DECAY, "there are about as many features as images")
    if settings.schedule in {"none", "onecycle"} and "schedule" not in settings.model_fields_set:
        rules["patience"] = (0, "a cycle that is stopped early has not come to its small steps")
    chosen = {name: rule for name, rule in rules.items() if name not in settings.model_fields_set}
    values = {name: value for name, (value, _) in chosen.items()}
    return settings.model_copy(update=values), {name: reason for name, (_, reason) in chosen.items()}


def _epochs(network: ImageNetworkSettings, num_rows: int) -> tuple[int, str]:
    if network.kind == "backbone" and network.frozen:
        return 40, "only the last layer learns, in seconds"
    if network.kind == "backbone":
        return 10, "the network knows most of it already"
    if num_rows >= _MANY:
        return 20, f"{num_rows:,} training images: each epoch has many steps"
    return (40, "a few steps each") if num_rows >= _SOME else (80, f"{num_rows:,} training images: few steps")
