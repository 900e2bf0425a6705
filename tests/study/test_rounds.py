"""The loop of remedies: what it keeps, why it stops, and that it goes on after a kill."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from listener import Listener
from waves import TOO_SMALL, write_waves

import assay
from assay.core.errors import InputError, RecipeError
from assay.study.improve import improve
from assay.study.runs import Run

FIELDS = {"remedy", "because", "parent", "run", "before", "after", "effect", "kept"}


@pytest.fixture(scope="module")
def waves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_waves(tmp_path_factory.mktemp("data") / "waves.csv")


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


@pytest.fixture(scope="module")
def study(waves: Path, listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> assay.Study:
    """A network that is too small, and one round of remedies."""
    out = tmp_path_factory.mktemp("out") / "study"
    return assay.run(waves, out=out, rounds=1, progress=listener, **TOO_SMALL)


def test_a_remedy_that_helps_is_kept_and_deployed(study: assay.Study, listener: Listener) -> None:
    kept = [line for line in study.ledger if line["kept"]]
    assert [line["remedy"] for line in kept] == ["wider network"]
    assert kept[0]["effect"]["high"] < 0.0
    assert study.metrics["run"] == kept[0]["run"] == study.best.name
    first = Run(study.folder / "runs" / "001")
    assert study.metrics["validation"]["accuracy"] > first.metrics["validation"]["accuracy"] + 0.1
    assert study.bundle.sha256 == Run(study.best).bundle.sha256
    assert study.bundle.diagnosis["verdict"] == study.diagnosis.verdict
    assert study.diagnosis.num_seeds == 2
    told = listener.words("kept")
    assert len(told) == 1
    assert told[0].startswith("wider network: helped; error 0.")


def test_the_ledger_is_as_the_contract_says(study: assay.Study) -> None:
    assert len(study.ledger) == 2
    for line in study.ledger:
        assert line.keys() >= FIELDS
        assert line["effect"].keys() == {"value", "low", "high"}
        assert line["parent"] == "001"
        if line["run"] is not None:
            assert line["effect"]["value"] == pytest.approx(line["after"] - line["before"])
            run = Run(study.folder / "runs" / line["run"])
            assert run.origin["remedy"] == line["remedy"]
            assert np.mean([1 - np.mean(p["validation"].predicted == p["validation"].truth)
                            for p in run.all_predictions()]) == pytest.approx(line["after"])  # fmt: skip


def test_both_recipes_saw_the_same_rows_and_seeds(study: assay.Study) -> None:
    runs = [Run(study.folder / "runs" / name) for name in ("001", study.best.name)]
    for parts in zip(*(run.all_predictions() for run in runs), strict=True):
        for part in ("train", "validation"):
            assert np.array_equal(parts[0][part].rows, parts[1][part].rows)
    assert runs[0].recipe.changed({"network": runs[1].recipe.network}).model_dump() == {
        **runs[1].recipe.model_dump()
    }


def test_the_best_run_s_recipe_makes_the_same_network_alone(study: assay.Study, tmp_path: Path) -> None:
    again = assay.run(recipe=study.best / "recipe.toml", out=tmp_path / "again")
    assert again.ledger == []
    assert again.bundle.sha256 == study.bundle.sha256


def test_the_end_says_why_and_what_it_was_worth(listener: Listener) -> None:
    assert "the one round is done" in listener.words("end")
    assert any("kept: wider network; validation accuracy" in text for text in listener.words(""))
    assert any(text.startswith("1 of 1; verdict: ") for text in listener.words("round"))
    labels = {record.get("label") for record in listener.epochs}
    assert {None, "wider network, seed 1 of 2", "wider network, other seeds"} <= labels


def test_no_rounds_is_a_single_training(waves: Path, tmp_path: Path) -> None:
    listener = Listener()
    single = assay.run(waves, out=tmp_path / "s", rounds=0, progress=listener, **TOO_SMALL)
    assert single.ledger == []
    assert [path.name for path in (single.folder / "runs").iterdir()] == ["001"]
    assert listener.words("end") == []


def test_a_goal_that_is_met_ends_it(waves: Path, tmp_path: Path) -> None:
    listener = Listener()
    made = assay.run(waves, out=tmp_path / "s", goal="accuracy=0.4", progress=listener, **TOO_SMALL)
    assert made.ledger == []
    more = improve(made, goal="accuracy=0.8", rounds=3, progress=listener)
    assert listener.words("end") == [f"the goal is met: accuracy at least {value}" for value in (0.4, 0.8)]
    assert more.metrics["validation"]["accuracy"] >= 0.8


def test_the_floor_ends_it(waves: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.diagnosis.verdict import Verdict
    from assay.study.loop.rounds import Rounds

    listener = Listener()
    monkeypatch.setattr(Rounds, "_diagnosis", SimpleNamespace(verdict=Verdict.AT_THE_FLOOR, num_seeds=2))
    made = assay.run(waves, out=tmp_path / "s", progress=listener, **TOO_SMALL)
    assert made.ledger == []
    assert listener.words("end") == ["the error is at the floor: there is nothing left to cure"]


def test_useless_remedies_leave_the_first_network(tmp_path: Path) -> None:
    """Labels of pure chance: there is nothing to learn, and nothing is kept."""
    rng = np.random.default_rng(0)
    frame = pl.DataFrame({"a": rng.normal(size=300), "y": rng.choice(["x", "z"], 300)})
    listener = Listener()
    made = assay.run(frame, out=tmp_path / "s", rounds=1, progress=listener, **TOO_SMALL)
    assert not any(line["kept"] for line in made.ledger)
    assert made.metrics["run"] == "001"
    assert any("none helped beyond noise" in text for text in listener.words(""))
    again = improve(made, data=frame, rounds=1)
    assert {line["round"] for line in again.ledger} == {1, 2}
    names = [line["remedy"] for line in again.ledger]
    assert len(names) == len(set(names)), "a remedy is tried once on each run"
    with pytest.raises(RecipeError, match="came from memory"):
        improve(made)


def test_the_budget_is_kept(waves: Path, tmp_path: Path) -> None:
    endless = TOO_SMALL | {"training": {"epochs": 100_000, "patience": 0}}
    listener, start = Listener(), time.perf_counter()
    made = assay.run(waves, out=tmp_path / "s", budget="8s", progress=listener, **endless)
    assert time.perf_counter() - start < 8.8
    assert made.is_finished
    assert "the time of" in made.metrics["stopped"]
    start = time.perf_counter()
    improve(made, budget="6s", progress=listener)
    assert time.perf_counter() - start < 6.6
    assert listener.words("end")[-1] == "the time of 6s is up"


@pytest.mark.parametrize("goal", ["0.8", "accuracy", "accuracy=high", "acuracy=0.8", "rmse=3"])
def test_an_impossible_goal_is_refused(study: assay.Study, waves: Path, tmp_path: Path, goal: str) -> None:
    with pytest.raises(RecipeError):
        improve(study, goal=goal)
    with pytest.raises(RecipeError):
        assay.run(waves, out=tmp_path / "s", goal=goal, **TOO_SMALL)
    assert not (tmp_path / "s").exists()


def test_a_study_that_is_no_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        improve(tmp_path / "none")


def test_ctrl_c_in_a_remedy_keeps_the_best_and_the_same_call_goes_on(waves: Path, tmp_path: Path) -> None:
    listener = Listener(interrupt_after=45)  # the first recipe's two trainings have 20 epochs each
    stopped = assay.run(waves, out=tmp_path / "s", rounds=1, progress=listener, **TOO_SMALL)
    assert stopped.ledger == []
    assert stopped.metrics["run"] == "001"
    assert listener.words("end") == ["interrupted"]
    resumed = assay.run(waves, out=tmp_path / "s", rounds=1, resume=True, **TOO_SMALL)
    assert [line["remedy"] for line in resumed.ledger if line["kept"]] == ["wider network"]
    assert len(resumed.ledger) == 2


def test_a_remedy_whose_training_breaks_down_is_on_record(
    waves: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.core.errors import TrainingError
    from assay.study.workbench import Workbench

    train = Workbench.train_candidate

    def broken(self: Workbench, run: Run, progress: Any) -> None:
        if run.origin["remedy"] != "wider network":
            raise TrainingError("the loss became nan")
        train(self, run, progress)

    monkeypatch.setattr(Workbench, "train_candidate", broken)
    made = assay.run(waves, out=tmp_path / "s", rounds=1, **TOO_SMALL)
    outcomes = {line["remedy"]: line["outcome"] for line in made.ledger}
    assert outcomes.pop("wider network") == "helped"
    assert set(outcomes.values()) == {"failed: the loss became nan"}


KILLED = """
import sys
import assay
from listener import Listener
from waves import TOO_SMALL
class Slow(Listener):
    def epoch(self, record):
        super().epoch(record)
        print(record.get("label", "first"), record["epoch"], flush=True)
assay.run(sys.argv[1], out=sys.argv[2], rounds=1, resume=True, progress=Slow(), **TOO_SMALL)
"""


def test_a_kill_at_any_moment_loses_at_most_the_running_trial(
    study: assay.Study, waves: Path, tmp_path: Path
) -> None:
    """Killed at ever later epochs; at the end everything is as if nothing had happened."""
    out = tmp_path / "s"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    for epochs in (25, 15, 30):
        words = [sys.executable, "-c", KILLED, str(waves), str(out)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
        assert process.stdout is not None
        for _ in range(epochs):
            if not process.stdout.readline():
                break
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        for file in out.rglob("*.json"):
            json.loads(file.read_text())
        trained = {path: path.stat().st_mtime_ns for path in (out / "runs").rglob("predictions.npz")}
    again = assay.run(waves, out=out, rounds=1, resume=True, **TOO_SMALL)
    assert {path: path.stat().st_mtime_ns for path in trained} == trained, "a finished run was made again"
    assert again.ledger == study.ledger
    assert again.bundle.sha256 == study.bundle.sha256
    assert not list(out.rglob("*.part"))
