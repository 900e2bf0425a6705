"""What a bundle answers, and how it is saved and loaded."""

import json
import random
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from torch import nn

from assay.bundle.bundle import Bundle, load
from assay.bundle.target_scale import TargetScale
from assay.core.errors import BundleError, DataError
from assay.core.metrics import measure
from assay.core.task import Task
from assay.data.table import Table


def raw(bundle: Bundle, table: Table) -> torch.Tensor:
    return torch.from_numpy(bundle.schema.encode(table))


def test_answers_are_labels_of_the_users_type_or_numbers_in_the_users_unit(
    task: Task, bundle: Bundle, table: Table
) -> None:
    found = bundle.predict(table.frame)
    assert found.shape == (50,)
    if task is Task.REGRESSION:
        assert found.dtype == np.float64
        assert 150_000 < found.mean() < 350_000
    elif task is Task.BINARY:
        assert bundle.labels == ("no", "yes")
        assert set(found) <= {"no", "yes"}
        assert isinstance(found[0], str)
    else:
        assert bundle.labels == (1, 2, 3, 4)
        assert found.dtype == np.int64
        assert set(found.tolist()) <= {1, 2, 3, 4}


def test_probabilities(task: Task, bundle: Bundle, table: Table) -> None:
    if task is Task.REGRESSION:
        with pytest.raises(BundleError, match="'price' is a quantity, which has no probabilities"):
            bundle.predict_proba(table)
        return
    probabilities = bundle.predict_proba(table)
    assert probabilities.shape == (50, len(bundle.labels))
    assert probabilities.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    best = [bundle.labels[k] for k in probabilities.argmax(axis=1)]
    assert bundle.predict(table).tolist() == best


def test_every_kind_of_source_gives_the_same_answers(bundle: Bundle, table: Table) -> None:
    expected = bundle.outputs(bundle.schema.encode(table))
    features = table.frame.select(bundle.schema.names)
    shuffled = table.frame.select(reversed(table.frame.columns)).with_columns(pl.lit(3).alias("surplus"))
    sources = [table.frame, features, shuffled, features.to_pandas(), features.rows(), features.to_dicts()]
    for source in sources:
        answered = bundle.outputs(bundle.schema.encode(source))
        assert answered == pytest.approx(expected, rel=1e-6)


def test_the_network_is_a_plain_module_that_takes_raw_rows(task: Task, bundle: Bundle, table: Table) -> None:
    rows = raw(bundle, table)
    with torch.no_grad():
        answer = bundle.network(rows)
    assert isinstance(bundle.network, nn.Module)
    assert not bundle.network.training
    assert answer.dtype == torch.float64
    expected = bundle.predict(table) if task is Task.REGRESSION else bundle.predict_proba(table)
    assert answer.numpy() == pytest.approx(expected)


@pytest.mark.filterwarnings("ignore:.*torch.jit.trace.*is deprecated:FutureWarning")
def test_the_network_traces(bundle: Bundle, table: Table) -> None:
    rows = raw(bundle, table)
    with torch.no_grad():
        expected = bundle.network(rows)
        traced = torch.jit.trace(bundle.network, (rows[:3],), check_trace=False)
        assert torch.allclose(traced(rows), expected)


@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*is deprecated")
def test_the_network_scripts(bundle: Bundle, table: Table) -> None:
    scripted = torch.jit.script(bundle.network)
    for rows in (raw(bundle, table), raw(bundle, table)[:1]):
        assert torch.equal(scripted(rows), bundle.network(rows))


def test_the_network_exports_with_any_number_of_rows(
    made: Callable[..., Bundle], mixed: Callable[..., Table]
) -> None:
    bundle = made(Task.BINARY, one_logit=True)
    rows = raw(bundle, mixed(Task.BINARY))
    dynamic = ({0: torch.export.Dim("rows", min=1)},)
    exported = torch.export.export(bundle.network, (rows[:3],), dynamic_shapes=dynamic)
    with torch.no_grad():
        assert torch.allclose(exported.module()(rows), bundle.network(rows))


def test_one_logit_is_that_of_the_second_class(
    made: Callable[..., Bundle], mixed: Callable[..., Table]
) -> None:
    bundle, table = made(Task.BINARY, one_logit=True), mixed(Task.BINARY)
    with torch.no_grad():
        logit = bundle.network.network(bundle.preparation.prepare(table))
    expected = torch.sigmoid(logit.double()).numpy()
    assert bundle.predict_proba(table)[:, [1]] == pytest.approx(expected)
    assert bundle.predict_proba(table).sum(axis=1) == pytest.approx(1.0)


def test_no_rows_and_many_rows(
    task: Task, bundle: Bundle, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bundle.predict(table.take([])).shape == (0,)
    whole = bundle.outputs(bundle.schema.encode(table))
    monkeypatch.setattr("assay.bundle.bundle._BATCH", 7)
    assert bundle.outputs(bundle.schema.encode(table)) == pytest.approx(whole, rel=1e-5)


def test_predictions_stand_beside_the_truth(task: Task, bundle: Bundle, table: Table) -> None:
    found = bundle.predictions(table)
    assert (found.task, len(found)) == (task, 50)
    if task is Task.REGRESSION:
        assert found.truth.tolist() == table.frame["price"].to_list()
        assert found.labels == ()
    else:
        assert [bundle.labels[k] for k in found.truth] == table.frame[bundle.target.name].to_list()
        assert found.labels == tuple(map(str, bundle.labels))
    assert measure(found)
    with pytest.raises(DataError, match="there is no target column"):
        bundle.predictions(table.without([bundle.target.name]))


def test_a_missing_column_is_named(bundle: Bundle, table: Table) -> None:
    with pytest.raises(DataError, match="there is no column 'colour'"):
        bundle.predict(table.frame.rename({"colour": "color"}))


def test_an_answer_that_is_not_finite_names_the_row(bundle: Bundle, table: Table) -> None:
    with torch.no_grad():
        bundle.network.network.body[-1].bias.fill_(float("inf"))
    with pytest.raises(DataError, match="row 1: the network's answer is not a finite number"):
        bundle.predict(table)


def test_training_on_changes_nothing_in_a_bundle(bundle: Bundle, table: Table) -> None:
    network = bundle.network.network
    made = Bundle(bundle.preparation, network, bundle.target, bundle.target_scale)
    before = made.outputs(made.schema.encode(table))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(1.0)
    network.train()
    assert (made.outputs(made.schema.encode(table)) == before).all()
    assert not made.network.network.training


def test_it_shows_itself(task: Task, bundle: Bundle) -> None:
    text = repr(bundle)
    assert f"({task.value})" in text
    assert "validation accuracy 0.75" in text
    assert "verdict high bias" in text
    assert "<table>" in bundle._repr_html_()
    assert "columns 6" in repr(Bundle(bundle.preparation, bundle.network.network, bundle.target))


def test_saved_and_loaded_it_answers_bit_for_bit_the_same(
    bundle: Bundle, table: Table, tmp_path: Path
) -> None:
    bundle.save(tmp_path / "bundle")
    random_state = torch.random.get_rng_state()
    loaded = load(tmp_path / "bundle")
    rows = bundle.schema.encode(table)
    assert loaded.outputs(rows).tobytes() == bundle.outputs(rows).tobytes()
    assert loaded.sha256 == bundle.sha256
    assert loaded.labels == bundle.labels
    assert loaded.schema == bundle.schema
    assert loaded.versions == bundle.versions
    assert loaded.diagnosis == {"verdict": "high bias"}
    assert loaded.metrics["validation"] == {"accuracy": 0.75, "roc_auc": None}
    assert not loaded.network.training
    assert torch.equal(torch.random.get_rng_state(), random_state)  # loading draws no numbers


def test_batch_norm_and_one_logit_come_back(
    made: Callable[..., Bundle], mixed: Callable[..., Table], tmp_path: Path
) -> None:
    bundle, table = made(Task.BINARY, one_logit=True, batch_norm=True), mixed(Task.BINARY)
    bundle.network.network.train()(bundle.preparation.prepare(table))  # moves the running statistics
    bundle.network.eval()
    bundle.save(tmp_path / "bundle")
    loaded = load(tmp_path / "bundle")
    assert loaded.predict_proba(table).tobytes() == bundle.predict_proba(table).tobytes()


def test_saved_twice_the_files_are_the_same(bundle: Bundle, tmp_path: Path) -> None:
    bundle.save(tmp_path / "first")
    load(tmp_path / "first").save(tmp_path / "second")
    for name in ("bundle.json", "weights.safetensors"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_the_record_holds_schema_labels_metrics_and_versions(bundle: Bundle, tmp_path: Path) -> None:
    bundle.save(tmp_path / "bundle")
    record = json.loads((tmp_path / "bundle" / "bundle.json").read_text(encoding="utf-8"))
    assert [column["name"] for column in record["preparation"]["schema"]] == list(bundle.schema.names)
    assert record["target"]["labels"] == list(bundle.labels)
    assert record["metrics"]["metric"] == "accuracy"
    assert set(record["versions"]) == {"assay", "torch", "python"}
    assert record["format"] == 2
    assert sorted(entry.name for entry in (tmp_path / "bundle").iterdir()) == [
        "bundle.json",
        "weights.safetensors",
    ]


def test_a_study_folder_and_the_record_itself_are_taken_too(bundle: Bundle, tmp_path: Path) -> None:
    bundle.save(tmp_path / "study" / "bundle")
    for path in ("study", "study/bundle", "study/bundle/bundle.json"):
        assert load(tmp_path / path).sha256 == bundle.sha256
    assert load(str(tmp_path / "study")).sha256 == bundle.sha256


def test_a_bundle_replaces_an_older_one_and_nothing_else(bundle: Bundle, tmp_path: Path) -> None:
    place = tmp_path / "bundle"
    bundle.save(place)
    other = bundle.described(metrics={"metric": "other"}, diagnosis={})
    other.save(place)
    assert load(place).metrics == {"metric": "other"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["bundle"]
    (place / "notes.txt").write_text("mine")
    with pytest.raises(BundleError, match=r"holds 'notes.txt', which is no part of a bundle"):
        bundle.save(place)
    with pytest.raises(BundleError, match="a file stands where the bundle should go"):
        bundle.save(place / "notes.txt")
    assert (place / "notes.txt").read_text() == "mine"


def test_a_save_that_fails_leaves_the_older_bundle(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle.save(tmp_path / "bundle")
    real = Path.rename

    def fail_to_swap(path: Path, target: Path) -> Path:
        if path.name.endswith(".part"):
            raise OSError(28, "No space left on device")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", fail_to_swap)
    with pytest.raises(BundleError, match="No space left on device"):
        bundle.described(metrics={}, diagnosis={}).save(tmp_path / "bundle")
    assert load(tmp_path / "bundle").diagnosis == {"verdict": "high bias"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["bundle"]


def test_a_saved_bundle_can_be_read_by_others(bundle: Bundle, tmp_path: Path) -> None:
    bundle.save(tmp_path / "bundle")
    reference = tmp_path / "plain"
    reference.write_text("")
    for name in ("bundle.json", "weights.safetensors"):
        mode = stat.S_IMODE((tmp_path / "bundle" / name).stat().st_mode)
        assert mode == stat.S_IMODE(reference.stat().st_mode)


def test_a_network_that_is_not_assays_answers_but_cannot_be_saved(
    bundle: Bundle, table: Table, tmp_path: Path
) -> None:
    outputs = bundle.target.num_outputs
    own = nn.Sequential(nn.Linear(bundle.preparation.num_outputs, outputs))
    made = Bundle(bundle.preparation, own, bundle.target, bundle.target_scale)
    assert made.predict(table).shape == (50,)
    with pytest.raises(BundleError, match="cannot rebuild a Sequential"):
        made.save(tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_a_network_that_does_not_fit_is_refused(bundle: Bundle) -> None:
    inputs, outputs = bundle.preparation.num_outputs, bundle.target.num_outputs
    with pytest.raises(BundleError, match=f"does not take the {inputs} inputs of the preparation"):
        Bundle(bundle.preparation, nn.Linear(inputs + 1, outputs), bundle.target)
    with pytest.raises(BundleError, match=f"has {outputs + 3} outputs where {outputs} are wanted"):
        Bundle(bundle.preparation, nn.Linear(inputs, outputs + 3), bundle.target)


def test_nothing_is_pickled(bundle: Bundle, tmp_path: Path) -> None:
    bundle.save(tmp_path / "bundle")
    weights = (tmp_path / "bundle" / "weights.safetensors").read_bytes()
    header = json.loads(weights[8 : 8 + int.from_bytes(weights[:8], "little")])
    assert "preparation.filling.fill" in header
    json.loads((tmp_path / "bundle" / "bundle.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("values", [[3.0], [0.1] * 7, [1e9 + 0.1] * 7])
def test_a_target_that_does_not_vary_is_only_shifted(values: list[float]) -> None:
    scale = TargetScale.of(np.array(values))
    assert scale.std.item() == 1.0
    assert scale.scaled(torch.tensor(values, dtype=torch.float64)).abs().max() < 1e-6


def test_a_scaled_target_comes_back() -> None:
    truth = np.array([1922.0, 1999.0, 2011.0])
    scale = TargetScale.of(truth)
    scaled = scale.scaled(torch.from_numpy(truth))
    assert scaled.mean().item() == pytest.approx(0.0)
    assert scaled.std(correction=0).item() == pytest.approx(1.0)
    assert scale(scaled).numpy() == pytest.approx(truth)


def test_loading_does_not_disturb_pythons_random_numbers(bundle: Bundle, tmp_path: Path) -> None:
    bundle.save(tmp_path / "bundle")
    state = random.getstate()
    load(tmp_path / "bundle")
    assert random.getstate() == state
