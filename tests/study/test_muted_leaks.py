"""`mute` takes codes of leaks as well as of findings, and no other."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from fast_recipe import FAST

import assay
from assay.core.errors import RecipeError


@pytest.fixture
def repeated() -> pl.DataFrame:
    """Each row stands in it four times, so that some stand on both sides of any random split."""
    rng = np.random.default_rng(0)
    x = np.tile(rng.normal(size=100), 4)
    return pl.DataFrame({"x": x, "z": np.tile(rng.normal(size=100), 4), "y": np.where(x > 0, "yes", "no")})


def leaks(frame: pl.DataFrame, folder: Path, *mute: str) -> set[str]:
    study = assay.run(frame, target="y", out=folder, mute=mute, **FAST)
    return {leak["code"] for leak in study.diagnosis.leaks}


def test_a_muted_leak_is_left_out_of_the_diagnosis(repeated: pl.DataFrame, tmp_path: Path) -> None:
    found = leaks(repeated, tmp_path / "all")
    assert found
    assert leaks(repeated, tmp_path / "muted", *found) == set()


def test_an_unknown_code_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"'L999' is no code of a finding or a leak"):
        assay.run(tmp_path / "not_there.csv", target="y", out=tmp_path / "study", mute=("L999",))
