"""The files of a training: history.jsonl and checkpoint.pt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import RecipeError
from assay.core.files import append_jsonl, to_json, write_text
from assay.training.checkpoint import Checkpoint, check_same_run, read_checkpoint
from assay.training.settings import TrainingSettings

if TYPE_CHECKING:
    from assay.training.trainer import Trainer


# Settings that checkpoints of earlier versions do not have: they were trained without.
_YOUNGER = TrainingSettings().model_dump(mode="json", exclude={"max_seconds"})


class RunFolder:
    """Keeps a record of each epoch, and the state of the last one.

    Args:
        path: the folder; made when it is absent.
    """

    def __init__(self, path: Path) -> None:
        self.history_path = path / "history.jsonl"
        self.checkpoint = Checkpoint(path / "checkpoint.pt")

    def begin(self, trainer: Trainer, *, resume: bool) -> None:
        """Put the trainer where its checkpoint stands, or clear an older training away.

        Raises:
            BundleError: the checkpoint is damaged.
            RecipeError: it belongs to other settings or to another network.
        """
        path = self.checkpoint.path
        state = read_checkpoint(path) if resume else None
        if state is None:
            path.unlink(missing_ok=True)
        else:
            before = {**_YOUNGER, **state["run"]}
            check_same_run(before, trainer.identity(), path)
            _load(trainer, state, path)
        lines = [to_json(record, indent=None) + "\n" for record in trainer.history]
        write_text(self.history_path, "".join(lines))

    def epoch_ended(self, record: dict[str, Any], state: dict[str, Any]) -> None:
        """Note an epoch, and hold its state for the checkpoint."""
        append_jsonl(self.history_path, record)
        self.checkpoint.keep(state)

    def close(self) -> None:
        """Write the state of the last epoch."""
        self.checkpoint.flush()


def _load(trainer: Trainer, state: dict[str, Any], path: Path) -> None:
    try:
        trainer.load_state_dict(state)
    except (RuntimeError, ValueError, KeyError) as error:
        raise RecipeError(
            f"the checkpoint does not fit this network: {error}",
            hint="resume with the network it was made with, or train from the start",
            where=str(path),
        ) from error
