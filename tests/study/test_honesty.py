"""What a run reads: nothing of a sealed row decides anything."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from fast_recipe import FAST

import assay
from assay.core.errors import DataError
from assay.study.progress import Silence

TIMES = {"seconds", "seconds_left"}
OFFICIAL = {"split": {"train_rows": "1-240", "validation_rows": "241-320", "test_rows": "321-400"}}
TEST_FIRST = {"split": {"test_rows": "1-80", "train_rows": "81-320", "validation_rows": "321-400"}}
# Texts in the sealed rows of a file that make another type of the whole column.
TEXTS = {
    "decimal commas": {"size": ["50,12", "60,5"]},
    "per cents": {"size": ["50.12%", "61%"]},
    "numbers too long for 64 bits": {"grade": ["12345678901234567890123", "3"]},
    "fractions among whole numbers": {"grade": ["2.5", "3"]},
    "a day that only the day-first order has": {"day": ["31/12/2020", "05/03/2020"]},
    "words among numbers": {"grade": ["one", "two", "three"]},
    "words among dates": {"day": ["soon", "late", "never"]},
    "another class": {"y": ["x", "1", "0"]},
    "a class with a fraction": {"y": ["0.5", "1", "0"]},
    "words among true and false": {"member": ["maybe", "true"]},
    "a value in a column without name": {"": ["1"]},
}


def artefacts(folder: Path) -> dict[str, Any]:
    """Everything that a run wrote and that a person relies on, without clock times and file names."""
    kept: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.suffix == ".json" and name != "source.json":
            kept[name] = timeless(json.loads(path.read_text()))
            if name.endswith("bundle/bundle.json"):
                del kept[name]["sha256"]  # a checksum of all the others, the seconds among them
        elif path.suffix == ".jsonl":
            kept[name] = [timeless(json.loads(line)) for line in path.read_text().splitlines()]
        elif path.suffix in {".safetensors", ".npz"}:
            kept[name] = path.read_bytes()
        elif path.suffix == ".toml":
            kept[name] = [line for line in path.read_text().splitlines() if not line.startswith("data = ")]
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


@pytest.fixture(scope="module")
def lines(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows as text: whole numbers, days that might be months, classes 0 and 1, a column of nothing."""
    row = pl.int_range(pl.len())
    return frame.select(
        "size",
        "grade",
        "member",
        (pl.lit("0") + (row % 9 + 1).cast(pl.String) + "/0" + (row % 7 + 1).cast(pl.String) + "/2020").alias(
            "day"
        ),
        (pl.col("bought") == "yes").cast(pl.Int64).alias("y"),
        pl.lit(None, pl.String).alias(""),
    ).cast(pl.String)


def poisoned_lines(lines: pl.DataFrame, texts: dict[str, list[str]], sealed: range) -> pl.DataFrame:
    """The rows with these texts, over and over, in the sealed rows of a column."""
    columns = {}
    for name in lines.columns:
        values = lines[name].to_list()
        for number, row in enumerate(sealed if name in texts else ()):
            values[row] = texts[name][number % len(texts[name])]
        columns[name] = pl.Series(values, dtype=pl.String)
    return pl.DataFrame(columns)


def csv_run(lines: pl.DataFrame, folder: Path, separator: str = ",", **choices: Any) -> assay.Study:
    folder.mkdir()
    lines.write_csv(folder / "data.csv", separator=separator)
    return assay.run(folder / "data.csv", out=folder / "study", **({"target": "y"} | FAST | choices))


@pytest.fixture(scope="module")
def clean(lines: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return artefacts(csv_run(lines, tmp_path_factory.mktemp("clean") / "run", **OFFICIAL).folder)


@pytest.mark.parametrize("poison", TEXTS)
def test_texts_of_sealed_rows_decide_no_type(
    lines: pl.DataFrame, clean: dict[str, Any], tmp_path: Path, poison: str
) -> None:
    """Weights, statistics, kinds, inspection, notes and metrics are those of the file without the poison."""
    poisoned = poisoned_lines(lines, TEXTS[poison], range(320, 400))
    found = artefacts(csv_run(poisoned, tmp_path / "run", **OFFICIAL).folder)
    assert found.keys() == clean.keys()
    for name in found.keys() - {"split.json"}:  # whose warnings speak of all the rows that were divided
        assert found[name] == clean[name], name
    assert found["split.json"]["hashes"] == clean["split.json"]["hashes"]


def test_the_first_rows_decide_no_decimal_sign_when_they_are_sealed(
    lines: pl.DataFrame, tmp_path: Path
) -> None:
    texts = {"size": ["50,12", "60,5"], "grade": ["1,5"]}
    runs = [
        artefacts(csv_run(data, tmp_path / str(number), ";", **TEST_FIRST).folder)
        for number, data in enumerate([lines, poisoned_lines(lines, texts, range(80))])
    ]
    assert runs[0] == runs[1]


def test_a_target_of_numbers_stays_one_when_sealed_rows_hold_words(
    lines: pl.DataFrame, tmp_path: Path
) -> None:
    full = lines.drop_nulls("size")
    poisoned = poisoned_lines(full, {"size": ["a", "b", "c"]}, range(320, len(full)))
    asked = {
        "target": "size",
        "read": {"task": "regression"},
        "split": OFFICIAL["split"] | {"test_rows": "321-"},
    }
    runs = [
        artefacts(csv_run(data, tmp_path / str(number), **asked).folder)
        for number, data in enumerate([full, poisoned])
    ]
    assert runs[0] == runs[1]


@pytest.mark.parametrize(
    ("poison", "found"),
    [
        ("decimal commas", "column 'size' holds numbers, but row 321 (line 322) holds '50,12'"),
        ("words among dates", "column 'day' holds dates, but row 321 (line 322) holds 'soon'"),
        ("a day that only the day-first order has", "row 321 (line 322) holds '31/12/2020'"),
        ("words among true and false", "column 'member' holds true and false, but row 321"),
    ],
)
def test_sealed_rows_that_cannot_be_read_leave_the_seal_closed(
    lines: pl.DataFrame, tmp_path: Path, poison: str, found: str
) -> None:
    study = csv_run(poisoned_lines(lines, TEXTS[poison], range(320, 400)), tmp_path / "run", **OFFICIAL)
    before = artefacts(study.folder)
    with pytest.raises(DataError) as caught:
        assay.Study.open(study.folder).test()
    assert found in str(caught.value)
    assert "seal is still closed" in str(caught.value)
    assert artefacts(study.folder) == before
    assert assay.Study.open(study.folder).split.openings == []


class Screen(Silence):
    """Keeps what the run says."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, step: str, text: str) -> None:
        self.said.append(text)


@pytest.mark.parametrize(
    ("poison", "told"), [("decimal commas", 1), ("words among dates", 1), ("another class", 0)]
)
def test_a_run_says_at_once_that_its_test_rows_cannot_be_read(
    lines: pl.DataFrame, tmp_path: Path, poison: str, told: int
) -> None:
    screen = Screen()
    poisoned = poisoned_lines(lines, TEXTS[poison], range(320, 400))
    csv_run(poisoned, tmp_path / "run", progress=screen, **OFFICIAL)
    found = [text for text in screen.said if "`assay test` will not be possible" in text]
    assert len(found) == told
    assert all("row 321 (line 322)" in text for text in found)


def test_a_missing_number_that_is_a_word_beside_words_is_refused(lines: pl.DataFrame, tmp_path: Path) -> None:
    """In a column of numbers NAN is missing; in one of words it is a word: the rows' numbers would shift."""
    poisoned = poisoned_lines(
        poisoned_lines(lines, {"y": ["x"]}, range(320, 400)), {"y": ["NAN"]}, range(9, 10)
    )
    with pytest.raises(DataError, match="row 10 has no target"):
        csv_run(poisoned, tmp_path / "run", **OFFICIAL)


def test_rows_of_a_class_that_no_training_row_had_are_counted(lines: pl.DataFrame, tmp_path: Path) -> None:
    """The file's other rows are measured as if the file held no such rows."""
    texts = ["x", *["1", "0"] * 3]
    study = csv_run(poisoned_lines(lines, {"y": texts}, range(320, 400)), tmp_path / "run", **OFFICIAL)
    metrics = study.test()
    assert metrics["seal"]["opened"][0]["unknown_class_rows"] == 12
    known = poisoned_lines(lines, {"y": texts}, range(320, 400)).filter(pl.col("y") != "x")
    other = csv_run(
        known, tmp_path / "other", **(OFFICIAL | {"split": OFFICIAL["split"] | {"test_rows": "321-"}})
    )
    # 80 rows and 68 go through the network in batches of other sizes, which round otherwise.
    assert other.test()["test"] == pytest.approx(metrics["test"], rel=1e-6)
    assert "unknown_class_rows" not in other.metrics["seal"]["opened"][0]


def test_when_no_sealed_row_has_a_known_class_nothing_is_measured(
    lines: pl.DataFrame, tmp_path: Path
) -> None:
    study = csv_run(poisoned_lines(lines, {"y": ["x"]}, range(320, 400)), tmp_path / "run", **OFFICIAL)
    with pytest.raises(DataError, match="none of the 80 test rows has a class that a training row had"):
        study.test()


def test_sealed_rows_are_read_as_the_open_rows_are_written(lines: pl.DataFrame, tmp_path: Path) -> None:
    """Days alone could be months; the training rows tell, and the test rows follow."""
    row = pl.int_range(pl.len())
    dated = lines.with_columns(pl.when(row < 100).then(pl.lit("25/02/2020")).otherwise("day").alias("day"))
    iso = dated.with_columns(pl.col("day").str.to_date("%d/%m/%Y").cast(pl.String))
    tests = [
        csv_run(data, tmp_path / str(number), **OFFICIAL).test()["test"]
        for number, data in enumerate([dated, iso])
    ]
    assert tests[0] == tests[1]


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
    from assay.study import beginning

    seen: list[int] = []
    for owner, name in [(Preparation, "prepare"), (Target, "encode"), (Bundle, "predictions")]:
        original = getattr(owner, name)

        def spy(self: Any, source: Any, *rest: Any, original: Any = original) -> Any:
            seen.append(len(source))
            return original(self, source, *rest)

        monkeypatch.setattr(owner, name, spy)
    look = beginning.inspect
    monkeypatch.setattr(
        beginning, "inspect", lambda table, **kw: (seen.append(len(table)), look(table, **kw))[1]
    )
    study = assay.run(
        frame.drop("amount", "level"), target="bought", out=tmp_path / "s", split={"test": 0.3}, **FAST
    )
    sizes = study.split.sizes
    assert seen
    assert set(seen) <= {sizes["train"], sizes["validation"], sizes["train"] + sizes["validation"]}
    assert sizes["test"] not in set(sizes.values()) - {sizes["test"]}  # else the sizes could not tell


def test_dates_of_sealed_rows_do_not_choose_the_validation_rows(frame: pl.DataFrame, tmp_path: Path) -> None:
    """Only the test rows are official; how validation is drawn from the others, the others alone decide."""
    from datetime import datetime, timedelta

    days = [datetime(2026, 1, 1) + timedelta(days=number) for number in range(400)]
    clean = frame.drop("amount", "level").with_columns(day=pl.Series(days))
    poisoned = clean.with_columns(day=pl.Series([*days[:-1], datetime(2015, 1, 1)]))
    studies = [
        assay.run(data, target="bought", out=tmp_path / str(number), split={"test_rows": "last 80"}, **FAST)
        for number, data in enumerate([clean, poisoned])
    ]
    assert studies[0].split.validation.tolist() == list(range(240, 320))
    assert studies[1].split.hashes == studies[0].split.hashes
    assert studies[1].bundle.sha256 == studies[0].bundle.sha256
