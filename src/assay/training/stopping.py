"""When a training ends, and in which words."""

from __future__ import annotations

from assay.training.settings import TrainingSettings

INTERRUPTED = "interrupted"
_OUT_OF_TIME = "the time of"


def reason_to_stop(settings: TrainingSettings, epoch: int, waited: int, seconds: float) -> str:
    """Why a training ends here, one clause; empty when it goes on. The first epoch is always begun.

    Args:
        settings: patience, epochs and time.
        epoch: the last one made.
        waited: epochs since the best one.
        seconds: spent.
    """
    if settings.patience and waited >= settings.patience:
        return f"no better validation loss in {waited} epoch{'' if waited == 1 else 's'}"
    if epoch >= settings.epochs:
        return "the one epoch is done" if settings.epochs == 1 else f"all {settings.epochs} epochs done"
    if epoch and settings.max_seconds is not None and seconds >= settings.max_seconds:
        return f"{_OUT_OF_TIME} {settings.max_seconds:g} s is up; resume with more time to go on"
    return ""


def can_go_on(stopped: str) -> bool:
    """Whether a training that ended for this reason would have gone on: a resumed one may."""
    return stopped == INTERRUPTED or stopped.startswith(_OUT_OF_TIME)
