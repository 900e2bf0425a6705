"""What a run reads: nothing of a sealed row decides anything."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from fast_recipe import FAST

import assay

TIMES = {"seconds", "seconds_left"}
OFFICIAL = {"split": {"train_rows": "1-240", "validation_rows": "241-320", "test_rows": "321-400"}}


def artefacts(folder: Path) -> dict[str, Any]:
    """Everything that a run wrote and that a person relies on, without clock times and file names."""
    kept: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.suffix == ".json" and name != "source.json":
            kept[name] = timeless(json.loads(path.read_text()))
            if name == "bundle/bundle.json":
                del kept[name]["sha256"]  # a checksum of all the others, the seconds among them
        elif path.suffix == ".jsonl":
            kept[name] = [timeless(json.loads(line)) for line in path.read_text().splitlines()]
        elif path.suffix in {".safetensors", ".npz"}:
            kept[name] = path.read_bytes()
    return kept


def timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: timeless(item) for key, item in value.items() if key not in TIMES}
    return [timeless(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("target", ["bought", "amount"])
def test_sealed_rows_decide_nothing(frame: pl.DataFrame, tmp_path: Path, target: str) -> None:
    """With every value of every test row poisoned, weights, statistics and metrics are byte-identical."""
    clean = frame.drop({"amount", "bought", "level"} - {target})
    kinds = {name: dtype for name, dtype in clean.schema.items() if dtype != pl.Boolean}
    poison = {
        name: pl.Series([1e9 if dtype.is_numeric() else "poison"] * 80) for name, dtype in kinds.items()
    }
    sealed = clean[320:].with_columns(
        **{name: series.cast(clean.schema[name]) for name, series in poison.items()}, member=pl.lit(True)
    )
    poisoned = pl.concat([clean[:320], sealed])
    folders = []
    for number, data in enumerate([clean, poisoned]):
        folders.append(tmp_path / str(number) / "study")
        assay.run(data, target=target, out=folders[-1], **FAST, **OFFICIAL)
    first, second = map(artefacts, folders)
    assert first.keys() == second.keys()
    for name in first:
        assert first[name] == second[name], name


def test_validation_rows_decide_no_statistic(frame: pl.DataFrame, tmp_path: Path) -> None:
    """Poisoned validation rows leave the preparation as it is (they may choose the epoch)."""
    clean = frame.drop("amount", "level")
    poisoned = clean.with_columns(
        pl.when(pl.int_range(pl.len()) >= 240).then(1e9).otherwise(pl.col(name)).alias(name)
        for name in ("size", "age")
    )
    tensors = []
    for number, data in enumerate([clean, poisoned]):
        study = assay.run(data, target="bought", out=tmp_path / str(number), **FAST, **OFFICIAL)
        tensors.append({k: v.numpy() for k, v in study.bundle.preparation.state_dict().items()})
    assert tensors[0].keys() == tensors[1].keys()
    for name, tensor in tensors[0].items():
        np.testing.assert_array_equal(tensor, tensors[1][name], err_msg=name)


def test_a_run_never_asks_for_the_targets_of_sealed_rows(
    frame: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every table that goes into a preparation, an inspection or a bundle holds no test row."""
    from assay.bundle.bundle import Bundle
    from assay.data.preparation import Preparation
    from assay.data.target import Target
    from assay.study import run as run_module

    seen: list[int] = []
    for owner, name in [(Preparation, "prepare"), (Target, "encode"), (Bundle, "predictions")]:
        original = getattr(owner, name)

        def spy(self: Any, source: Any, *rest: Any, original: Any = original) -> Any:
            seen.append(len(source))
            return original(self, source, *rest)

        monkeypatch.setattr(owner, name, spy)
    look = run_module.inspect
    monkeypatch.setattr(
        run_module, "inspect", lambda table, **kw: (seen.append(len(table)), look(table, **kw))[1]
    )
    study = assay.run(
        frame.drop("amount", "level"), target="bought", out=tmp_path / "s", split={"test": 0.3}, **FAST
    )
    sizes = study.split.sizes
    assert seen
    assert set(seen) <= {sizes["train"], sizes["validation"], sizes["train"] + sizes["validation"]}
    assert sizes["test"] not in set(sizes.values()) - {sizes["test"]}  # else the sizes could not tell
