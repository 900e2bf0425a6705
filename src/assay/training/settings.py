"""The choices of a training."""

from __future__ import annotations

from typing import Any, Literal

from assay.core.settings import Settings, setting

Optimizer = Literal["sgd", "rmsprop", "adam", "adamw", "muon"]
Loss = Literal["auto", "mse", "huber", "cross_entropy", "nll", "bce"]
Schedule = Literal["none", "cosine", "step", "plateau", "onecycle", "triangle"]
Precision = Literal["auto", "float32", "bf16"]

_LEARNING_RATES = {"sgd": 0.05, "rmsprop": 0.001, "adam": 0.001, "adamw": 0.001, "muon": 0.02}


class TrainingSettings(Settings):
    """How a network is fitted."""

    optimizer: Optimizer = setting(
        "adamw", "sgd, rmsprop, adam, adamw or muon", "needs the least tuning; its weight decay is a real one"
    )
    learning_rate: float | None = setting(
        None, "size of the first steps; absent: 0.05 for sgd, 0.02 for muon, 0.001 for the others", gt=0
    )
    momentum: float = setting(0.9, "share of the last step that sgd, rmsprop and muon keep", ge=0, lt=1)
    nesterov: bool = setting(
        False,
        "let sgd look ahead along its momentum (Nesterov)",
        "the plain one is what most published settings were found with",
    )
    weight_decay: float | None = setting(
        None, "pull of the weights towards zero; absent: 0.01 for adamw, 0 for the others", ge=0
    )
    decay_biases: bool = setting(
        True,
        "whether biases and the scales of normalisations are pulled towards zero too",
        "it makes a difference in long trainings of deep networks only",
    )
    bias_rate: float = setting(
        1.0, "learning rate of the biases, compared with the weights'; 64 in the CIFAR-10 speed records", gt=0
    )
    rest_rate: float = setting(
        0.5,
        "learning rate of what muon leaves to adamw (biases, norms, embeddings, last layer), compared",
        "0.01 beside 0.02 did well in one training on CIFAR-10",
        gt=0,
    )
    keep_norm: bool = setting(
        False, "let muon hold the length of each matrix, as in the CIFAR-10 speed record (rate 0.2 or so)"
    )
    loss: Loss = setting(
        "auto",
        "auto, mse, huber, cross_entropy, nll or bce",
        "cross_entropy for classes (bce where the network has one output), mse for quantities",
    )
    batch_size: int | None = setting(None, "rows in a step; absent: by the number of training rows", ge=1)
    epochs: int = setting(
        200, "passes over the training rows, at most", "early stopping ends most trainings before", ge=1
    )
    schedule: Schedule = setting(
        "none", "how the learning rate changes: none, cosine, step, plateau, onecycle or triangle"
    )
    warmup: float = setting(
        0.3,
        "share of the steps in which the learning rate of onecycle and triangle rises",
        "as in Smith and Topin (2018)",
        gt=0,
        lt=1,
    )
    patience: int = setting(
        20,
        "epochs without a better validation loss before it stops, 0 for never; needs validation rows",
        "long enough for a plateau, and the best weights are kept anyway",
        ge=0,
    )
    min_delta: float = setting(0.0, "by how much a validation loss must be lower to count as better", ge=0)
    validate_every: int = setting(
        1,
        "epochs from one look at the validation rows to the next; the last epoch is always looked at",
        "no good epoch is missed; where the learning rate falls to zero, the last one is the best anyway",
        ge=1,
    )
    label_smoothing: float = setting(
        0.0,
        "share of each training target that is spread evenly over the classes",
        "it makes probabilities less extreme, which helps against over-fitting only",
        ge=0,
        lt=1,
    )
    clip_norm: float | None = setting(None, "longest gradient; longer ones are cut to it", gt=0)
    ema: float = setting(
        0.0,
        "share of itself that a running mean of the weights keeps at each step; 0: the weights themselves",
        "a mean of 0.99 to 0.999 helps where the learning rate does not fall to zero",
        ge=0,
        lt=1,
    )
    channels_last: bool | None = setting(
        None, "keep the colours of a pixel together in memory; absent: for images and networks that convolve"
    )
    precision: Precision = setting(
        "auto",
        "auto, float32 or bf16",
        "auto is bf16 for convolutions over images on a device that computes in it (1.3 to 2.3 times as "
        "quick), else float32, as bf16 was slower on a CPU below layers of about 512",
    )
    compile: bool = setting(
        False,
        "let torch.compile translate the network",
        "takes seconds at the start that small networks do not win back",
    )
    max_seconds: float | None = setting(None, "time after which it stops", gt=0)


_MIXED, _NO_DECAY = "{} mixes it with the gradient", {"muon": "what {} was found best with"}


def usual_learning_rate(optimizer: Optimizer) -> float:
    """The learning rate to start from."""
    return _LEARNING_RATES[optimizer]


def resolve(
    settings: TrainingSettings, num_rows: int | None, *, images: bool = False, bf16: bool = False
) -> tuple[TrainingSettings, dict[str, str]]:
    """The settings with every rule worked out, and the reason of each value that a rule gave.

    Args:
        settings: as the user gave them.
        num_rows: training rows, where known before a pass.
        images: whether a network that convolves is trained on images.
        bf16: whether the device computes in it.
    """
    optimizer, adamw = settings.optimizer, settings.optimizer == "adamw"
    rows = "an unknown number of" if num_rows is None else f"{num_rows:,}"
    by_rule: dict[str, tuple[float | bool, str]] = {
        "learning_rate": (
            usual_learning_rate(settings.optimizer),
            f"the usual start for {settings.optimizer}",
        ),
        "weight_decay": (
            0.01 if adamw else 0.0,
            "the usual start for adamw" if adamw else _NO_DECAY.get(optimizer, _MIXED).format(optimizer),
        ),
        "batch_size": (
            256 if num_rows is None else batch_size(num_rows),
            f"{rows} training rows: small enough for many steps, large enough to be quick",
        ),
    }
    if images:
        by_rule["channels_last"] = True, "convolutions were 1.2 to 1.7 times as quick so, bf16 most"
    absent = {name: rule for name, rule in by_rule.items() if getattr(settings, name) is None}
    values: dict[str, Any] = {name: value for name, (value, _) in absent.items()}
    reasons = {name: reason for name, (_, reason) in absent.items()}
    if images and bf16 and settings.precision == "auto":
        values["precision"] = "bf16"
        reasons["precision"] = "this device computes in it, and convolutions are quicker so"
    return settings.model_copy(update=values), reasons


def batch_size(num_rows: int) -> int:
    """Rows in a step: the power of two at or below rows / 32, between 16 and 1024."""
    wanted = max(1, num_rows // 32)
    return min(1024, max(16, 1 << (wanted.bit_length() - 1)))
