"""Trains several small networks at once, where that is quicker than one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from assay.core.errors import RecipeError
from assay.training.batches import TensorBatches
from assay.training.fit import Weights, fit
from assay.training.probe import number_type
from assay.training.ready import own_randomness, training_batches, validation_batches
from assay.training.settings import TrainingSettings, resolve
from assay.training.sources import open_source
from assay.training.stacked_mlps import can_stack
from assay.training.stacked_trainer import StackedTrainer
from assay.training.threads import few_threads
from assay.training.training import Training

_CPU = torch.device("cpu")

# What may differ between runs that are trained at once.
_OWN = {
    "learning_rate",
    "weight_decay",
    "epochs",
    "schedule",
    "warmup",
    "patience",
    "min_delta",
    "max_seconds",
}


def fit_together(
    networks: Sequence[nn.Module],
    data: Any,
    *,
    validation: Any = None,
    settings: Sequence[TrainingSettings],
    seeds: Sequence[int],
    class_weights: Weights | None = None,
) -> list[Training]:
    """Train networks in place on the same rows, each by its own settings and seed.

    Plain MLPs of one shape are trained at once on the CPU, their layers multiplied in one batched product:
    small networks spend most of a step on everything but arithmetic, and share that (benchmarks/
    train_together.py). They may differ in seed, weights, dropout, learning rate, weight decay, schedule,
    epochs and patience. All others are trained one after the other by `fit`.

    Each run sees its rows in the order that `fit` would show them, and stops when `fit` would stop it; only
    the dropout is another. A run whose loss is no longer finite ends without an error, with its best weights.

    Args:
        networks: one a run.
        data: training rows as `fit` takes them.
        validation: the same kinds; without it every epoch is run and the last weights stay.
        settings: one a run.
        seeds: one a run.
        class_weights: as in `fit`.

    Returns:
        one `Training` a run, in their order; `seconds` is the time that all of them took together.

    Raises:
        RecipeError: another number of settings or seeds than networks, and what `fit` refuses.
        DataError: rows that cannot be trained on.
    """
    if not networks or not len(networks) == len(settings) == len(seeds):
        raise RecipeError(
            f"{len(networks)} networks, {len(settings)} settings and {len(seeds)} seeds: "
            "one of each is needed for every run"
        )
    in_memory = isinstance(data, tuple | list) and isinstance(validation, tuple | list | None)
    if in_memory and can_stack(networks) and _can_share_steps(settings):
        return _at_once(
            networks, data, validation, settings=settings, seeds=seeds, class_weights=class_weights
        )
    return [
        fit(
            network,
            data,
            validation=validation,
            settings=own,
            seed=seed,
            device=_CPU,
            class_weights=class_weights,
        )
        for network, own, seed in zip(networks, settings, seeds, strict=True)
    ]


def _at_once(
    networks: Sequence[nn.Module],
    data: Any,
    validation: Any,
    *,
    settings: Sequence[TrainingSettings],
    seeds: Sequence[int],
    class_weights: Weights | None,
) -> list[Training]:
    first = networks[0]
    with own_randomness(seeds[0], _CPU):
        rows = open_source(data, "training data", number_type(first))
        resolved = [resolve(own, rows.num_rows) for own in settings]
        chosen = [own for own, _ in resolved]
        form, batches = training_batches(first, rows, chosen[0], _CPU, class_weights)
        held_out = validation_batches(first, validation, form, chosen[0])
        assert isinstance(batches, TensorBatches)
        assert held_out is None or isinstance(held_out, TensorBatches)
        trainer = StackedTrainer(
            networks, form.objective, batches, validation=held_out, settings=chosen, seeds=seeds
        )
        with few_threads(first, len(networks) * batches.batch_size, _CPU):
            trainer.fit()
    return [trainer.training(run, reasons) for run, (_, reasons) in enumerate(resolved)]


def _can_share_steps(settings: Sequence[TrainingSettings]) -> bool:
    first, *others = settings
    shared = first.model_dump(exclude=_OWN)
    return (
        first.optimizer in {"adam", "adamw"}
        and first.clip_norm is None
        and first.precision != "bf16"
        and not first.compile
        and not first.ema
        and first.validate_every == 1
        and first.decay_biases
        and first.bias_rate == 1
        and all(own.model_dump(exclude=_OWN) == shared for own in others)
    )
