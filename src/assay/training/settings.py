"""The choices of a training."""

from __future__ import annotations

from typing import Literal

from assay.core.settings import Settings, setting

Optimizer = Literal["sgd", "rmsprop", "adam", "adamw"]
Loss = Literal["auto", "mse", "huber", "cross_entropy", "nll", "bce"]
Schedule = Literal["none", "cosine", "step", "plateau", "onecycle"]
Precision = Literal["auto", "float32", "bf16"]

_LEARNING_RATES = {"sgd": 0.05, "rmsprop": 0.001, "adam": 0.001, "adamw": 0.001}


class TrainingSettings(Settings):
    """How a network is fitted."""

    optimizer: Optimizer = setting(
        "adamw", "sgd, rmsprop, adam or adamw", "needs the least tuning; its weight decay is a real one"
    )
    learning_rate: float | None = setting(
        None, "size of the first steps; absent: 0.05 for sgd, 0.001 for the others", gt=0
    )
    momentum: float = setting(0.9, "share of the last step that sgd and rmsprop keep", ge=0, lt=1)
    weight_decay: float | None = setting(
        None, "pull of the weights towards zero; absent: 0.01 for adamw, 0 for the others", ge=0
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
        "none", "how the learning rate changes: none, cosine, step, plateau or onecycle"
    )
    patience: int = setting(
        20,
        "epochs without a better validation loss before it stops, 0 for never; needs validation rows",
        "long enough for a plateau, and the best weights are kept anyway",
        ge=0,
    )
    min_delta: float = setting(0.0, "by how much a validation loss must be lower to count as better", ge=0)
    label_smoothing: float = setting(
        0.0,
        "share of each training target that is spread evenly over the classes",
        "it makes probabilities less extreme, which helps against over-fitting only",
        ge=0,
        lt=1,
    )
    clip_norm: float | None = setting(None, "longest gradient; longer ones are cut to it", gt=0)
    precision: Precision = setting(
        "auto", "auto, float32 or bf16", "auto is float32: bf16 was slower on a CPU below layers of about 512"
    )
    compile: bool = setting(
        False,
        "let torch.compile translate the network",
        "takes seconds at the start that small networks do not win back",
    )
    max_seconds: float | None = setting(None, "time after which it stops", gt=0)


def usual_learning_rate(optimizer: Optimizer) -> float:
    """The learning rate to start from."""
    return _LEARNING_RATES[optimizer]


def resolve(settings: TrainingSettings, num_rows: int | None) -> tuple[TrainingSettings, dict[str, str]]:
    """The settings with every rule worked out, and the reason of each value that a rule gave.

    Args:
        settings: as the user gave them.
        num_rows: training rows, where known before a pass.
    """
    optimizer, adamw = settings.optimizer, settings.optimizer == "adamw"
    rows = "an unknown number of" if num_rows is None else f"{num_rows:,}"
    by_rule = {
        "learning_rate": (
            usual_learning_rate(settings.optimizer),
            f"the usual start for {settings.optimizer}",
        ),
        "weight_decay": (
            0.01 if adamw else 0.0,
            "the usual start for adamw" if adamw else f"{optimizer} mixes it with the gradient",
        ),
        "batch_size": (
            256 if num_rows is None else batch_size(num_rows),
            f"{rows} training rows: small enough for many steps, large enough to be quick",
        ),
    }
    absent = {name: rule for name, rule in by_rule.items() if getattr(settings, name) is None}
    values = {name: value for name, (value, _) in absent.items()}
    reasons = {name: reason for name, (_, reason) in absent.items()}
    return settings.model_copy(update=values), reasons


def batch_size(num_rows: int) -> int:
    """Rows in a step: the power of two at or below rows / 32, between 16 and 1024."""
    wanted = max(1, num_rows // 32)
    return min(1024, max(16, 1 << (wanted.bit_length() - 1)))
