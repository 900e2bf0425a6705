"""Bundles as each version wrote them: they load for ever, and answer what they answered then.

`stored/` holds for each format some bundles, the rows, and what the version that wrote a bundle said of
them. Nothing in it is ever written anew; a new format gets folders of its own.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from assay.bundle.bundle import Bundle, load
from assay.bundle.predictions import predict_file
from assay.bundle.saving import FORMAT, IMAGE_FORMAT

STORED = Path(__file__).parent / "stored"
FOLDERS = sorted(path.parent for path in STORED.glob("*/bundle"))


def answers(bundle: Bundle, folder: Path) -> pl.DataFrame:
    """What the bundle says today about the rows that are stored beside it."""
    if (folder / "rows.json").exists():
        images = np.array(json.loads((folder / "rows.json").read_text()), dtype=np.uint8)
        columns: dict[str, list] = {"prediction": bundle.predict(images).tolist()}
        probabilities = bundle.predict_proba(images).T
        names = [f"probability_{label}" for label in bundle.labels]
        return pl.DataFrame(columns | dict(zip(names, probabilities, strict=True)))
    return predict_file(bundle, STORED / "rows.csv").drop("warnings")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_stored_bundle_answers_as_it_did(folder: Path) -> None:
    found, expected = answers(load(folder), folder), pl.read_csv(folder / "predictions.csv")
    assert found.columns == expected.columns
    assert len(found) == len(expected) >= 3
    for name in expected.columns:
        if expected[name].dtype == pl.String:
            assert found[name].to_list() == expected[name].to_list()
        else:  # another processor may round float32 otherwise
            assert found[name].to_numpy() == pytest.approx(expected[name].to_numpy(), rel=2e-6, abs=2e-7)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_its_name_says_its_format_and_its_metrics_are_there(folder: Path) -> None:
    record = json.loads((folder / "bundle" / "bundle.json").read_text())
    assert record["format"] == int(folder.name.split("-")[0])
    bundle = load(folder)
    assert bundle.versions == record["versions"]
    assert bundle.metrics["validation"]["accuracy"] in {0.5, 0.75}
    assert bundle.diagnosis == {"verdict": "high bias"}


def formats() -> Iterator[int]:
    yield from (int(folder.name.split("-")[0]) for folder in FOLDERS)


def test_every_format_is_stored() -> None:
    assert set(formats()) == set(range(1, max(FORMAT, IMAGE_FORMAT) + 1))


def test_they_are_small_and_hold_no_pickle() -> None:
    files = [path for path in STORED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 60_000
    assert {path.suffix for path in files} == {".json", ".csv", ".safetensors"}
