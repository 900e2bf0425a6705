"""`assay upgrade`: an older bundle in the newest format answers the same, bit by bit."""

import json
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from assay.bundle.bundle import Bundle, load
from assay.bundle.saving import FORMAT, IMAGE_FORMAT
from assay.bundle.upgrading import upgrade
from assay.cli.main import app
from assay.core.errors import BundleError

STORED = Path(__file__).parent / "stored"
OLDER = ("1-binary", "1-regression")
NEWEST = ("2-binary", "3-images")


@pytest.fixture(params=OLDER)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A study that holds a bundle of an older format."""
    return Path(shutil.copytree(STORED / request.param, tmp_path / request.param))


def outputs(bundle: Bundle) -> bytes:
    rows = pl.read_csv(STORED / "rows.csv", infer_schema=False)
    return np.asarray(bundle.outputs(bundle.schema.encode(rows))).tobytes()


def test_the_answers_are_the_same_bit_by_bit(older: Path) -> None:
    before = load(older)
    done = upgrade(older)
    after = load(older)
    assert (done.before, done.after, done.is_newer) == (1, FORMAT, True)
    assert outputs(after) == outputs(before)
    assert after.sha256 == before.sha256
    assert (after.metrics, after.diagnosis, after.versions) == (
        before.metrics, before.diagnosis, before.versions
    )  # fmt: skip
    assert (after.labels, after.schema) == (before.labels, before.schema)
    assert json.loads((older / "bundle" / "bundle.json").read_text())["format"] == FORMAT
    assert sorted(path.name for path in older.iterdir()) == ["bundle", "predictions.csv"]
    assert upgrade(older).is_newer is False


def test_everything_of_the_record_stays(older: Path) -> None:
    before = json.loads((older / "bundle" / "bundle.json").read_text())
    weights = (older / "bundle" / "weights.safetensors").read_bytes()
    upgrade(older)
    after = json.loads((older / "bundle" / "bundle.json").read_text())
    for part in set(before) - {"format", "sha256", "preparation", "network"}:
        assert after[part] == before[part], part
    assert after["network"]["layers"].items() >= before["network"]["layers"].items()
    assert after["preparation"]["tensors"] == before["preparation"]["tensors"]
    assert (older / "bundle" / "weights.safetensors").read_bytes() == weights


@pytest.mark.parametrize("name", NEWEST)
def test_the_newest_is_left_alone(name: str, tmp_path: Path) -> None:
    study = Path(shutil.copytree(STORED / name, tmp_path / name))
    before = [path.stat().st_mtime_ns for path in sorted((study / "bundle").iterdir())]
    done = upgrade(study)
    assert (done.before, done.is_newer) == (done.after, False)
    assert done.after in {FORMAT, IMAGE_FORMAT}
    assert [path.stat().st_mtime_ns for path in sorted((study / "bundle").iterdir())] == before


def test_a_refusal_leaves_the_old_bundle_whole(older: Path) -> None:
    (older / "bundle" / "notes.txt").write_text("mine")
    before = {path.name: path.read_bytes() for path in (older / "bundle").iterdir()}
    with pytest.raises(BundleError, match=r"holds 'notes.txt', which is no part of a bundle"):
        upgrade(older)
    assert {path.name: path.read_bytes() for path in (older / "bundle").iterdir()} == before
    assert sorted(path.name for path in older.iterdir()) == ["bundle", "predictions.csv"]


def test_a_damaged_bundle_is_not_rewritten(older: Path) -> None:
    weights = older / "bundle" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(BundleError, match="bytes where"):
        upgrade(older)
    assert json.loads((older / "bundle" / "bundle.json").read_text())["format"] == 1


def test_a_link_stays_and_what_it_leads_to_is_upgraded(older: Path, tmp_path: Path) -> None:
    link = tmp_path / "current"
    link.symlink_to(older / "bundle")
    upgrade(link)
    assert link.is_symlink()
    assert json.loads((older / "bundle" / "bundle.json").read_text())["format"] == FORMAT


def test_the_command_says_from_what_to_what(older: Path, tmp_path: Path) -> None:
    def said(*words: str) -> str:
        result = CliRunner().invoke(app, ["upgrade", *words], catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    folder = str(older / "bundle")
    elsewhere = said(folder, "--out", str(tmp_path / "new"), "--json")
    assert json.loads(elsewhere) == {"bundle": str(tmp_path / "new"), "from": 1, "to": FORMAT}
    assert outputs(load(tmp_path / "new")) == outputs(load(folder))
    assert said(folder) == f"{folder}: from format 1 to format {FORMAT}\n"
    assert said(folder) == f"{folder}: format {FORMAT} is the newest already, left as it is\n"
