import numpy as np
import pytest
import torch

from assay.core.errors import BundleError, RecipeError
from assay.core.files import read_jsonl
from assay.training.checkpoint import Checkpoint, read_checkpoint
from assay.training.fit import fit
from assay.training.training import Training


class CrashError(Exception):
    pass


class CrashAfter:
    """Ends the process's work in the middle, as a power cut would."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_epoch_end(self, trainer, record) -> None:
        if record["epoch"] > self.epoch:
            raise CrashError


CHOICES = {"epochs": 9, "learning_rate": 0.01, "batch_size": 32, "seed": 5}


@pytest.fixture(autouse=True)
def every_epoch(monkeypatch):
    """Checkpoints after each epoch, however quick it was."""
    monkeypatch.setattr("assay.training.checkpoint._MAX_SHARE", float("inf"))


def crash_and_resume(network, again, rows, folder, epoch, **choices) -> Training:
    train, validation = rows
    with pytest.raises(CrashError):
        fit(network, train, validation=validation, folder=folder, hooks=[CrashAfter(epoch)], **choices)
    assert read_checkpoint(folder / "checkpoint.pt")["epoch"] == epoch
    torch.manual_seed(1234)
    return fit(again, train, validation=validation, folder=folder, resume=True, **choices)


@pytest.mark.parametrize("schedule", ["none", "cosine", "step", "plateau", "onecycle"])
def test_a_resumed_training_is_the_uninterrupted_one(moons, fresh, same, tmp_path, schedule):
    choices = {**CHOICES, "schedule": schedule, "optimizer": "adamw" if schedule == "none" else "sgd"}
    whole = fit(fresh(batch_norm=True), moons[0], validation=moons[1], **choices)
    parts = crash_and_resume(fresh(batch_norm=True), fresh(batch_norm=True), moons, tmp_path, 4, **choices)
    assert same(whole.network, parts.network)
    assert parts.best_epoch == whole.best_epoch and parts.stopped == whole.stopped
    names = ("epoch", "train_loss", "validation_loss", "learning_rate")
    for one, other in zip(whole.history, parts.history, strict=True):
        assert [one[name] for name in names] == [other[name] for name in names]


def test_early_stopping_goes_on_counting(moons, fresh, same, tmp_path):
    choices = {**CHOICES, "epochs": 300, "patience": 6, "learning_rate": 0.03}
    whole = fit(fresh(), moons[0], validation=moons[1], **choices)
    crash = len(whole.history) - 2
    parts = crash_and_resume(fresh(), fresh(), moons, tmp_path, crash, **choices)
    assert same(whole.network, parts.network) and len(parts.history) == len(whole.history)


def test_the_history_file_follows(moons, fresh, tmp_path):
    training = crash_and_resume(fresh(), fresh(), moons, tmp_path, 3, **CHOICES)
    records = read_jsonl(tmp_path / "history.jsonl")
    assert [record["epoch"] for record in records] == list(range(1, 10))
    assert records == training.history
    assert {"train_loss", "validation_loss", "learning_rate", "seconds", "seconds_left"} <= set(records[0])


def test_a_finished_training_is_not_repeated(moons, fresh, same, tmp_path):
    first = fit(fresh(), moons[0], folder=tmp_path, **CHOICES)
    again = fit(fresh(), moons[0], folder=tmp_path, resume=True, **CHOICES)
    assert same(first.network, again.network) and again.history == first.history


def test_without_a_checkpoint_it_starts(moons, fresh, tmp_path):
    assert len(fit(fresh(), moons[0], folder=tmp_path, resume=True, **CHOICES).history) == 9


def test_without_resume_the_old_training_goes(moons, fresh, tmp_path):
    fit(fresh(), moons[0], folder=tmp_path, **CHOICES)
    fit(fresh(), moons[0], folder=tmp_path, **{**CHOICES, "epochs": 2})
    assert len(read_jsonl(tmp_path / "history.jsonl")) == 2
    assert read_checkpoint(tmp_path / "checkpoint.pt")["epoch"] == 2


def test_other_settings_are_refused(moons, fresh, tmp_path):
    fit(fresh(), moons[0], folder=tmp_path, **CHOICES)
    with pytest.raises(RecipeError, match=r"learning_rate was 0.01 and is 0.1.*the same settings"):
        fit(fresh(), moons[0], folder=tmp_path, resume=True, **{**CHOICES, "learning_rate": 0.1})
    with pytest.raises(RecipeError, match="rows was 400 and is 200"):
        fit(fresh(), moons[1], folder=tmp_path, resume=True, **CHOICES)
    with pytest.raises(RecipeError, match="does not fit this network"):
        fit(fresh(batch_norm=True), moons[0], folder=tmp_path, resume=True, **CHOICES)


def test_damaged_checkpoints(moons, fresh, tmp_path):
    path = tmp_path / "checkpoint.pt"
    fit(fresh(), moons[0], folder=tmp_path, **CHOICES)
    whole = path.read_bytes()
    for damaged in (b"", b"no checkpoint", whole[:200], whole[: len(whole) // 2]):
        path.write_bytes(damaged)
        with pytest.raises(BundleError, match="damaged"):
            fit(fresh(), moons[0], folder=tmp_path, resume=True, **CHOICES)
    torch.save({"format": 3}, path)
    with pytest.raises(BundleError, match="has the format 3, this version reads 1 to 2"):
        read_checkpoint(path)


def test_writing_takes_no_more_than_its_share(tmp_path, monkeypatch):
    monkeypatch.setattr("assay.training.checkpoint._MAX_SHARE", 0.04)
    now, written = [0.0], []

    def save(state, path):
        written.append(state["epoch"])
        now[0] += 0.1

    monkeypatch.setattr("assay.training.checkpoint.torch.save", save)
    monkeypatch.setattr("assay.training.checkpoint.time.perf_counter", lambda: now[0])
    checkpoint = Checkpoint(tmp_path / "checkpoint.pt")
    for epoch in range(1, 101):
        now[0] += 0.5
        checkpoint.keep({"epoch": epoch})
    checkpoint.flush()
    checkpoint.flush()  # already there
    assert written[0] == 1 and written[-1] == 100
    assert (len(written) - 1) * 0.1 <= 0.05 * now[0]
    assert np.diff(written[:-1]).max() <= 6


def test_no_part_of_a_file_stays_behind(moons, fresh, tmp_path):
    fit(fresh(), moons[0], folder=tmp_path / "deep" / "run", **CHOICES)
    names = sorted(path.name for path in (tmp_path / "deep" / "run").iterdir())
    assert names == ["checkpoint.pt", "history.jsonl"]
