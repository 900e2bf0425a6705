import os
import signal
import subprocess
import sys
import time

import pytest
import torch

from assay.training.checkpoint import read_checkpoint
from assay.training.fit import fit

SCRIPT = """
import sys, torch, numpy as np
from assay.networks import MLP
from assay.training.fit import fit

class Say:
    def on_epoch_end(self, trainer, record):
        print(record["epoch"], flush=True)

rng = np.random.default_rng(0)
inputs = rng.standard_normal((2000, 5))
rows = inputs, (inputs[:, 0] > 0).astype(int)
training = fit(MLP(5, 2, (32, 32)), rows, validation=rows, epochs=1_000_000, patience=0, hooks=[Say()],
               folder=sys.argv[1])
with torch.no_grad():
    accuracy = (training.network(torch.tensor(inputs).float()).argmax(1).numpy() == rows[1]).mean()
print(training.stopped, training.best_epoch > 0, accuracy > 0.8, not training.network.training)
"""


class Interrupt:
    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_epoch_end(self, trainer, record) -> None:
        if record["epoch"] == self.epoch:
            raise KeyboardInterrupt


def test_ctrl_c_keeps_the_best_so_far(moons, fresh, same, tmp_path):
    train, validation = moons
    choices = {"epochs": 6, "learning_rate": 0.01}
    whole = fit(fresh(), train, validation=validation, **choices)
    cut = fit(
        fresh(),
        train,
        validation=validation,
        hooks=[Interrupt(6)],
        folder=tmp_path,
        **{**choices, "epochs": 99},
    )
    assert cut.stopped == "interrupted"
    assert len(cut.history) == 6 == len((tmp_path / "history.jsonl").read_text().splitlines())
    assert cut.best_epoch == whole.best_epoch and same(cut.network, whole.network)


def test_ctrl_c_leaves_the_last_epoch_on_disk(moons, fresh, same, tmp_path, monkeypatch):
    monkeypatch.setattr("assay.training.checkpoint._MAX_SHARE", 1e-9)  # once, and then never again in time
    train, validation = moons
    choices = {"epochs": 9, "learning_rate": 0.01, "folder": tmp_path, "validation": validation}
    cut = fit(fresh(), train, hooks=[Interrupt(6)], **choices)
    assert cut.can_go_on and read_checkpoint(tmp_path / "checkpoint.pt")["epoch"] == 6
    again = fit(fresh(), train, resume=True, **choices)
    whole = fit(fresh(), train, **choices)
    assert same(again.network, whole.network) and len(again.history) == 9


def test_ctrl_c_before_the_first_epoch_leaves_the_first_weights(moons, fresh, same):
    class Now:
        def on_start(self, trainer):
            raise KeyboardInterrupt

    training = fit(fresh(), moons[0], hooks=[Now()])
    assert training.stopped == "interrupted" and training.best_epoch == 0 and training.history == []
    assert same(training.network, fresh())


def test_ctrl_c_in_the_middle_of_an_epoch(moons, fresh, same, monkeypatch):
    train, validation = moons
    choices = {"learning_rate": 0.01, "batch_size": 50}  # 8 steps an epoch
    whole = fit(fresh(), train, validation=validation, epochs=2, **choices)
    calls = []
    step = torch.optim.AdamW.step

    def interrupted_step(self, *args):
        calls.append(1)
        if len(calls) == 20:
            raise KeyboardInterrupt
        return step(self, *args)

    monkeypatch.setattr(torch.optim.AdamW, "step", interrupted_step)
    cut = fit(fresh(), train, validation=validation, epochs=9, **choices)
    assert cut.stopped == "interrupted" and len(cut.history) == 2
    assert same(cut.network, whole.network)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_a_real_signal(tmp_path):
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        lines = [process.stdout.readline() for _ in range(5)]
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert lines[0].strip() == "1", errors
    assert process.returncode == 0, errors
    assert rest.splitlines()[-1] == "interrupted True True True"
    assert (tmp_path / "checkpoint.pt").exists()
