"""`assay.fit`: trains any network on prepared data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from assay.core.device import resolve_device
from assay.core.errors import RecipeError
from assay.core.files import to_json, write_text
from assay.core.seeds import child_seed
from assay.training.checkpoint import check_same_run, read_checkpoint
from assay.training.objective import Objective
from assay.training.probe import choose_objective
from assay.training.settings import TrainingSettings, resolve
from assay.training.sources import Source, open_source
from assay.training.threads import few_threads
from assay.training.trainer import Trainer
from assay.training.training import Training

__all__ = ["Training", "fit"]


def fit(
    network: nn.Module,
    data: Any,
    *,
    validation: Any = None,
    settings: TrainingSettings | None = None,
    seed: int = 0,
    device: str = "auto",
    class_weights: Sequence[float] | np.ndarray | None = None,
    hooks: Sequence[object] = (),
    folder: Path | str | None = None,
    resume: bool = False,
    **choices: Any,
) -> Training:
    """Train `network` in place; the same seed on the same machine gives the same weights, bit by bit.

    Args:
        network: any module that takes a batch of inputs; classes as logits for the losses cross_entropy and
            bce, as log-probabilities for nll.
        data: ``(inputs, targets)``, tensors or arrays, N rows each; or a torch Dataset or DataLoader that
            gives such pairs. Inputs in memory become float32. Whole-number targets are class numbers from 0.
        validation: the same kinds; decides early stopping and which weights are kept. Without it every
            epoch is run and the last weights stay.
        settings: how; the defaults when absent.
        seed: names the order of the rows and the dropout; torch's global generator stays as it was.
        device: auto, cpu, cuda or cuda:N.
        class_weights: (K,) each row's loss is multiplied by the weight of its class.
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
        TrainingError: the loss is not finite; the best weights so far are in `network` and the checkpoint.
    """
    given = {} if settings is None else settings.model_dump(exclude_unset=True)
    wanted = TrainingSettings.checked({**given, **choices}, where="training")
    place = resolve_device(device)
    with _own_randomness(seed, place), _moved(network, place):
        rows = open_source(data, "training data")
        held_out = None if validation is None else open_source(validation, "validation data")
        resolved, reasons = resolve(wanted, rows.num_rows)
        objective = _objective(network, rows, resolved, place, class_weights)
        trainer = Trainer(network, objective, rows, held_out, resolved, device=place, seed=seed, hooks=hooks)
        if folder is not None:
            _open_folder(trainer, Path(folder), resume=resume)
        with few_threads(network, resolved.batch_size or 1, place):
            trainer.fit()
    return Training.of(trainer, reasons)


@contextmanager
def _own_randomness(seed: int, device: torch.device) -> Iterator[None]:
    """Random numbers named by `seed`; afterwards the caller's generators stand where they stood."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(child_seed(seed, "start"))
        yield


@contextmanager
def _moved(network: nn.Module, device: torch.device) -> Iterator[None]:
    """The network on `device`, and back on the CPU whatever happens."""
    try:
        network.to(device)
        yield
    finally:
        network.to("cpu")


def _objective(
    network: nn.Module,
    rows: Source,
    settings: TrainingSettings,
    device: torch.device,
    class_weights: Sequence[float] | np.ndarray | None,
) -> Objective:
    inputs, targets = rows.sample()
    weights = None
    if class_weights is not None:
        weights = torch.tensor(np.asarray(class_weights), dtype=torch.float32, device=device)
    return choose_objective(network, inputs.to(device), targets, settings.loss, weights)


def _open_folder(trainer: Trainer, folder: Path, *, resume: bool) -> None:
    """Put the trainer where its checkpoint stands, or clear an older training away."""
    path = trainer.write_to(folder)
    state = read_checkpoint(path) if resume else None
    if state is None:
        path.unlink(missing_ok=True)
    else:
        check_same_run(state["run"], trainer.identity(), path)
        try:
            trainer.load_state_dict(state)
        except (RuntimeError, ValueError, KeyError) as error:
            raise RecipeError(
                f"the checkpoint does not fit this network: {error}",
                hint="resume with the network it was made with, or train from the start",
                where=str(path),
            ) from error
    write_text(
        folder / "history.jsonl", "".join(to_json(record, indent=None) + "\n" for record in trainer.history)
    )
