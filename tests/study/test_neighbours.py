"""The rows that err alike reach the intervals: neighbours in time, groups."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from fast_recipe import FAST

import assay
from assay.core.predictions import Predictions, load_predictions
from assay.core.task import Task
from assay.data.reading import read
from assay.study.neighbours import with_neighbours


@pytest.fixture(scope="module")
def hourly() -> pl.DataFrame:
    """300 hours in order, of 30 machines."""
    random = np.random.default_rng(0)
    load = random.normal(size=300).cumsum()
    return pl.DataFrame(
        {
            "when": [datetime(2026, 1, 1) + timedelta(hours=hour) for hour in range(300)],
            "load": load,
            "machine": [f"m{number}" for number in random.permutation(300) % 30],
            "power": load + random.normal(size=300),
        }
    )


def of_table(frame: pl.DataFrame, method: str, **roles: Any) -> Predictions:
    table = read(frame, target="power", **roles)
    values = table.frame["power"].to_numpy()
    return with_neighbours(Predictions(Task.REGRESSION, values, values), table, method)


def test_a_time_split_gives_times_a_grouped_one_groups(hourly: pl.DataFrame) -> None:
    shuffled = hourly.sample(fraction=1.0, shuffle=True, seed=1)
    by_time = of_table(shuffled, "time", time="when")
    assert (np.argsort(by_time.times) == np.argsort(shuffled["when"].to_numpy())).all()
    assert (np.argsort(of_table(shuffled, "time").times) == np.argsort(by_time.times)).all()  # the one date
    by_group = of_table(hourly, "group", group="machine")
    assert not len(by_group.times)
    assert len(np.unique(by_group.groups)) == 30
    machines = hourly["machine"].to_numpy()
    assert all(len(set(machines[by_group.groups == number])) == 1 for number in by_group.groups)
    by_chance = of_table(hourly, "random")
    assert not len(by_chance.times)
    assert not len(by_chance.groups)


def test_official_rows_go_by_roles_and_dates(hourly: pl.DataFrame) -> None:
    assert len(of_table(hourly, "rows").times) == 300  # dates in order
    assert len(of_table(hourly, "rows", group="machine").groups) == 300
    assert not len(of_table(hourly.drop("when"), "rows").times)


def test_rows_without_a_group_stand_alone(hourly: pl.DataFrame) -> None:
    gaps = hourly.with_columns(machine=pl.when(pl.int_range(pl.len()) >= 290).then(None).otherwise("machine"))
    assert len(np.unique(of_table(gaps, "rows", group="machine").groups)) == 30 + 10


def test_a_run_by_time_stores_times_and_says_what_was_drawn(hourly: pl.DataFrame, tmp_path: Path) -> None:
    study = assay.run(hourly.drop("machine"), target="power", out=tmp_path / "study", **FAST)
    assert study.split.method == "time"
    stored = load_predictions(study.best / "predictions.npz")
    assert [len(stored[part].times) for part in ("train", "validation")] == [180, 60]
    assert "consecutive rows" in study.diagnosis.bootstrap[1]
    assert "consecutive rows" in study.report_path.read_text(encoding="utf-8")
    opened = study.test(hourly.drop("machine"))
    assert "consecutive rows" in opened["test_error"]["bootstrap"]


def test_a_run_by_group_draws_whole_groups(hourly: pl.DataFrame, tmp_path: Path) -> None:
    study = assay.run(
        hourly.drop("when"), target="power", out=tmp_path / "study", read={"group": "machine"}, **FAST
    )
    assert study.split.method == "group"
    assert study.diagnosis.bootstrap[0] == "cluster bootstrap over 18 whole groups"
