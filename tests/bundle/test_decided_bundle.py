"""A bundle with calibration and threshold: what it answers, everywhere it can be taken."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from assay.bundle.bundle import Bundle, load
from assay.bundle.decision import Decision
from assay.bundle.predictions import write_predictions
from assay.bundle.saving import checksum
from assay.core.errors import BundleError
from assay.core.metrics import error, measure
from assay.core.task import Task
from assay.data.table import Table

_FORMS = [(Task.BINARY, False), (Task.BINARY, True), (Task.MULTICLASS, False)]


@pytest.fixture(params=_FORMS, ids=["two logits", "one logit", "four classes"])
def undecided(request: pytest.FixtureRequest, made: Callable[..., Bundle]) -> Bundle:
    """A classifier with random weights."""
    task, one_logit = request.param
    return made(task, one_logit=one_logit)


@pytest.fixture
def rows(undecided: Bundle, mixed: Callable[..., Table]) -> Table:
    """Rows to decide on."""
    return mixed(undecided.task, num_rows=400, seed=3)


def decided(undecided: Bundle, rows: Table) -> Bundle:
    """With a threshold where there can be one; a network of random weights gains by any calibration."""
    bundle = undecided.decided(undecided.predictions(rows), "balanced_accuracy", threshold="fit")
    assert bundle.decision.temperature != 1.0
    return bundle


def test_the_network_answers_what_the_decision_says(undecided: Bundle, rows: Table) -> None:
    bundle = decided(undecided, rows)
    expected = bundle.decision.apply(undecided.predictions(rows))
    found = bundle.predictions(rows)
    assert found.output == pytest.approx(expected.output, abs=1e-9)
    assert found.output.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    assert found.threshold == bundle.decision.threshold
    assert error(found, "log_loss") < error(undecided.predictions(rows), "log_loss")
    with torch.no_grad():
        answer = bundle.network(torch.from_numpy(bundle.schema.encode(rows)))
    assert answer.numpy() == pytest.approx(bundle.predict_proba(rows))


def test_a_loaded_bundle_decides_the_same(undecided: Bundle, rows: Table, tmp_path: Path) -> None:
    bundle = decided(undecided, rows)
    bundle.save(tmp_path / "bundle")
    loaded = load(tmp_path / "bundle")
    assert loaded.decision == bundle.decision
    assert loaded.decision.record == bundle.decision.record
    assert loaded.sha256 == bundle.sha256 != undecided.sha256
    assert loaded.predict_proba(rows).tobytes() == bundle.predict_proba(rows).tobytes()
    assert loaded.predict(rows).tolist() == bundle.predict(rows).tolist()
    assert loaded.described(metrics={}, diagnosis={}).decision == bundle.decision
    assert bundle.diagnosis == undecided.diagnosis != {}


def test_the_threshold_decides_wherever_classes_are_told(
    made: Callable[..., Bundle], mixed: Callable[..., Table], tmp_path: Path
) -> None:
    plain, rows = made(Task.BINARY), mixed(Task.BINARY, num_rows=300, seed=3)
    threshold = float(np.quantile(plain.predict_proba(rows)[:, 1], 0.8))
    bundle = Bundle(
        plain.preparation, plain.network.network, plain.target, decision=Decision(threshold=threshold)
    )
    second = bundle.predict_proba(rows)[:, 1] > threshold
    assert 50 < second.sum() < 70
    assert (bundle.predict(rows) == "yes").tolist() == second.tolist()
    assert (bundle.predictions(rows).predicted == 1).tolist() == second.tolist()
    assert measure(bundle.predictions(rows))["recall"] < measure(plain.predictions(rows))["recall"]
    rows.frame.write_csv(tmp_path / "rows.csv")
    write_predictions(bundle, tmp_path / "rows.csv", tmp_path / "out.csv")
    assert pl.read_csv(tmp_path / "out.csv")["prediction"].to_list() == bundle.predict(rows).tolist()


def test_deciding_again_starts_from_the_network(undecided: Bundle, rows: Table) -> None:
    once = decided(undecided, rows)
    twice = once.decided(once.predictions(rows), "balanced_accuracy", threshold="fit")
    assert twice.decision.temperature == pytest.approx(once.decision.temperature, rel=1e-3)
    assert twice.decision.record["before"] == pytest.approx(once.decision.record["before"], rel=1e-6)


def test_a_quantity_has_nothing_to_decide(made: Callable[..., Bundle], mixed: Callable[..., Table]) -> None:
    bundle = made(Task.REGRESSION)
    assert bundle.decided(bundle.predictions(mixed(Task.REGRESSION)), "rmse", threshold="fit") is bundle
    assert bundle.decision.record == {}


@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*is deprecated")
def test_exports_keep_calibration_and_threshold(undecided: Bundle, rows: Table) -> None:
    bundle = decided(undecided, rows)
    raw = torch.from_numpy(bundle.schema.encode(rows))
    scripted = torch.jit.script(bundle.network)
    exported = torch.export.export(
        bundle.network, (raw[:3],), dynamic_shapes=({0: torch.export.Dim("rows", min=1)},)
    )
    expected = -1.0 if bundle.decision.threshold is None else bundle.decision.threshold
    with torch.no_grad():
        for module in (scripted, exported.module()):
            assert module(raw).numpy() == pytest.approx(bundle.predict_proba(rows))
            assert module.state_dict()["output.temperature"].item() == bundle.decision.temperature
            assert module.state_dict()["threshold"].nan_to_num(nan=-1.0).item() == expected


def older(folder: Path) -> None:
    """The bundle as the first format has it."""
    record = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    del record["decision"]
    record["format"] = 1
    record["sha256"] = checksum(record)
    (folder / "bundle.json").write_text(json.dumps(record), encoding="utf-8")


def test_older_bundles_load_with_nothing_decided(undecided: Bundle, rows: Table, tmp_path: Path) -> None:
    undecided.save(tmp_path / "bundle")
    weights = (tmp_path / "bundle" / "weights.safetensors").read_bytes()
    assert b'"decision.' not in weights[: int.from_bytes(weights[:8], "little")]
    older(tmp_path / "bundle")
    loaded = load(tmp_path / "bundle")
    assert loaded.decision.changes_nothing
    assert loaded.sha256 == undecided.sha256
    assert loaded.predict_proba(rows).tobytes() == undecided.predict_proba(rows).tobytes()


def test_a_threshold_is_for_two_classes(made: Callable[..., Bundle]) -> None:
    plain = made(Task.MULTICLASS)
    with pytest.raises(BundleError, match="a threshold is for two classes, and 'grade' has 4"):
        Bundle(plain.preparation, plain.network.network, plain.target, decision=Decision(threshold=0.3))
