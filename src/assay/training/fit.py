"""`assay.fit`: trains any network on prepared data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from assay.core.device import resolve_device
from assay.core.errors import RecipeError
from assay.training.memory_layout import channels_last, is_image_training, takes_channels_last
from assay.training.precision import is_bf16_quick
from assay.training.probe import number_type
from assay.training.ready import own_randomness, training_batches, validation_batches
from assay.training.run_folder import RunFolder
from assay.training.sample_weights import weigh
from assay.training.settings import TrainingSettings, resolve
from assay.training.sources import Source, open_source
from assay.training.threads import few_threads
from assay.training.trainer import Trainer
from assay.training.training import Training

__all__ = ["Training", "fit"]

Weights = Sequence[float] | np.ndarray | Tensor


def fit(
    network: nn.Module,
    data: Any,
    *,
    validation: Any = None,
    settings: TrainingSettings | None = None,
    seed: int = 0,
    device: str | torch.device | None = "auto",
    class_weights: Weights | None = None,
    sample_weights: Weights | None = None,
    hooks: Sequence[object] = (),
    folder: Path | str | None = None,
    resume: bool = False,
    **choices: Any,
) -> Training:
    """Train `network` in place; the same seed on the same machine gives the same weights, bit by bit.

    Args:
        network: takes a batch of inputs; gives logits (cross_entropy, bce) or log-probabilities (nll).
        data: ``(inputs, targets)``, tensors or arrays, N rows each; or `ImageRows`; or a torch Dataset or
            DataLoader of such pairs. Whole-number inputs stay whole where the network takes them so (token
            numbers); others become the type of its weights. Whole-number targets are class numbers from 0.
        validation: the same kinds; decides when to stop and which weights stay. Without: the last epoch's.
        settings: how; the defaults when absent.
        seed: names the order of the rows (also of a DataLoader and its samplers) and the dropout; torch's
            global generator stays as it was. What a Dataset draws by other means is its own.
        device: auto (None is the same), cpu, cuda or cuda:N.
        class_weights: (K,) each row's loss is multiplied by the weight of its class.
        sample_weights: (N,) how often each row of a pair or of `ImageRows` is drawn, beside the others.
        hooks: objects with any of on_start(trainer), on_epoch_end(trainer, record), on_end(trainer).
        folder: where history.jsonl and checkpoint.pt are written; None: nowhere.
        resume: go on from the checkpoint in `folder` (from the start when there is none).
        choices: settings by name, laid over `settings`.

    Returns:
        The network with the best weights, and how the training went. After Ctrl-C: the best so far, and
        ``stopped == "interrupted"``.

    Raises:
        DataError: inputs or targets that cannot be trained on, with row and column.
        RecipeError: settings that are unknown, impossible, or do not fit the network.
        TrainingError: loss or weights are not finite; `network` and checkpoint hold the best so far, if any.
    """
    _check_network(network)
    wanted, place = _wanted(settings, choices), resolve_device(device)
    with own_randomness(seed, place), _moved(network, place):
        rows = open_source(data, "training data", number_type(network))
        resolved, reasons = _resolved(wanted, network, rows, place)
        form, batches = training_batches(network, rows, resolved, place, class_weights)
        weigh(batches, sample_weights)
        held_out = validation_batches(network, validation, form, resolved)
        with (
            channels_last(network, resolved.channels_last),
            few_threads(network, resolved.batch_size or 1, place, rows.num_places),
        ):
            trainer = Trainer(network, form, batches, held_out, resolved, seed=seed, hooks=hooks)
            if folder is not None:
                trainer.write_to(RunFolder(Path(folder)), resume=resume)
            trainer.fit()
    return Training.of(trainer, reasons)


def _wanted(settings: TrainingSettings | None, choices: dict[str, Any]) -> TrainingSettings:
    given = {} if settings is None else settings.model_dump(exclude_unset=True)
    return TrainingSettings.checked({**given, **choices}, where="training")


def _resolved(
    wanted: TrainingSettings, network: nn.Module, rows: Source, device: torch.device
) -> tuple[TrainingSettings, dict[str, str]]:
    images = is_image_training(network, rows)
    resolved, reasons = resolve(wanted, rows.num_rows, images=images, bf16=is_bf16_quick(device))
    by_rule = resolved.channels_last and wanted.channels_last is None
    if by_rule and not takes_channels_last(network, rows.sample()[0].to(device)):
        resolved = resolved.model_copy(update={"channels_last": False})
        reasons["channels_last"] = "the network calls view where it would have to call flatten or reshape"
    return resolved, reasons


def _check_network(network: Any) -> None:
    if not isinstance(network, nn.Module):
        kind = network if isinstance(network, type) else type(network)
        raise RecipeError(
            f"the network is {'the class' if kind is network else 'of type'} {kind.__name__}, "
            "and a torch.nn.Module is needed",
            hint="e.g. assay.MLP(6, 2, (32,))",
        )


@contextmanager
def _moved(network: nn.Module, device: torch.device) -> Iterator[None]:
    """The network on `device`, and back on the CPU whatever happens."""
    try:
        network.to(device)
        yield
    finally:
        network.to("cpu")
