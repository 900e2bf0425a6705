"""A first training that explodes is tried again, more calmly, before the run gives up."""

from pathlib import Path

import polars as pl
import pytest
from fast_recipe import FAST
from listener import Listener

import assay
from assay.core.errors import TrainingError
from assay.study import first_training
from assay.study.runs import Run

EXPLODING = {"training.optimizer": "sgd", "training.momentum": 0.0, "preparation.scale": "none"}


@pytest.fixture
def steep() -> pl.DataFrame:
    """A quantity, so that the loss has no bound."""
    x = pl.Series("x", range(400)).cast(pl.Float64)
    return pl.DataFrame({"x": x, "z": (x * 7) % 11, "y": 3 * x + 1})


def test_smaller_steps_are_tried_and_written_down(steep: pl.DataFrame, tmp_path: Path) -> None:
    listener = Listener()
    study = assay.run(
        steep,
        target="y",
        out=tmp_path / "study",
        progress=listener,
        **{**FAST, **EXPLODING, "training.learning_rate": 1000.0},
    )
    assert "learning-rate finder" in listener.words("rescue")[0]
    rate = study.recipe.training.learning_rate
    assert rate is not None
    assert rate < 1000.0
    assert assay.Recipe.load(study.best / "recipe.toml").training.learning_rate == rate
    assert len(Run(study.best).history) == 3


def test_what_no_remedy_helps_ends_as_it_failed(
    steep: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_training, "calmer", lambda recipe, suggested_rate: iter(()))
    with pytest.raises(TrainingError, match="learning_rate"):
        assay.run(
            steep,
            target="y",
            out=tmp_path / "study",
            **{**FAST, **EXPLODING, "training.learning_rate": 1e30},
        )
    assert not (tmp_path / "study").exists()
