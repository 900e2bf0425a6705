"""`assay predict`: a file in, predictions out, row order kept."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from assay.bundle.bundle import Bundle, load
from assay.bundle.predictions import predict_file, write_predictions
from assay.core.errors import DataError, InputError, RecipeError
from assay.core.task import Task
from assay.data.preparation import Preparation
from assay.data.reading import ReadSettings, untyped
from assay.data.table import Table
from assay.data.target import Target
from assay.networks import NetworkSettings, build


@pytest.fixture
def rows(table: Table, tmp_path: Path) -> Path:
    """The features of the table's rows as a CSV file."""
    path = tmp_path / "rows.csv"
    table.frame.drop(table.target.name).write_csv(path)  # type: ignore[union-attr]
    return path


def test_rows_are_predicted_in_order(
    task: Task, bundle: Bundle, table: Table, rows: Path, tmp_path: Path
) -> None:
    out = tmp_path / "predictions.csv"
    assert write_predictions(bundle, rows, out) == 50
    found = pl.read_csv(out)
    expected = bundle.predict(table)
    if task is Task.REGRESSION:
        assert found.columns[:1] == ["prediction"]
        assert found["prediction"].to_numpy() == pytest.approx(expected, rel=1e-6)
        return
    assert found["prediction"].to_list() == expected.tolist()
    names = [f"probability_{label}" for label in bundle.labels]
    assert found.columns[1 : 1 + len(names)] == names
    assert found.select(names).to_numpy() == pytest.approx(bundle.predict_proba(table), rel=1e-5)


def test_the_target_and_other_columns_may_be_there(bundle: Bundle, table: Table, tmp_path: Path) -> None:
    path, out = tmp_path / "rows.parquet", tmp_path / "out.csv"
    table.frame.with_columns(pl.lit("x").alias("surplus")).write_parquet(path)
    assert write_predictions(bundle, path, out) == 50


def test_warnings_only_where_a_row_is_unlike_the_training_rows(
    made: Callable[..., Bundle], mixed: Callable[..., Table], tmp_path: Path
) -> None:
    bundle, table = made(Task.BINARY), mixed(Task.BINARY)
    rows, out = tmp_path / "rows.csv", tmp_path / "out.csv"
    table.frame.write_csv(rows)
    write_predictions(bundle, rows, out)
    assert "warnings" not in pl.read_csv(out).columns
    odd = table.frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 3).then(pl.lit("violet")).otherwise("colour").alias("colour"),
        pl.when(pl.int_range(pl.len()) == 5).then(1e6).otherwise("amount").alias("amount"),
    )
    odd.write_csv(rows)
    write_predictions(bundle, rows, out)
    warnings = pl.read_csv(out)["warnings"].to_list()
    assert [row for row, text in enumerate(warnings) if text] == [3, 5]
    assert "colour" in warnings[3]
    assert "amount" in warnings[5]
    assert "outside the training range" in warnings[5]


def test_reading_choices_are_passed_on(
    made: Callable[..., Bundle], mixed: Callable[..., Table], tmp_path: Path
) -> None:
    bundle, table = made(Task.BINARY), mixed(Task.BINARY)
    rows, out = tmp_path / "rows.csv", tmp_path / "out.csv"
    rows.write_text("exported by somebody\n" + table.frame.write_csv(separator=";"), encoding="utf-8")
    assert write_predictions(bundle, rows, out, skip_rows=1, separator=";") == 120
    assert pl.read_csv(out)["prediction"].to_list() == bundle.predict(table).tolist()


def test_the_input_is_never_overwritten(bundle: Bundle, rows: Path, tmp_path: Path) -> None:
    before = rows.read_bytes()
    (tmp_path / "link.csv").symlink_to(rows)
    for out in (rows, tmp_path / "." / "rows.csv", tmp_path / "link.csv"):
        with pytest.raises(RecipeError, match="is the data file, which would be lost"):
            write_predictions(bundle, rows, out)
    assert rows.read_bytes() == before


def test_a_value_that_cannot_be_read_names_file_row_and_column_and_leaves_nothing(
    bundle: Bundle, table: Table, tmp_path: Path
) -> None:
    texts = ["few"] * 49 + ["many"]
    rows, out = tmp_path / "rows.csv", tmp_path / "out.csv"
    table.frame.with_columns(pl.Series("amount", texts)).write_csv(rows)
    with pytest.raises(DataError, match=r"rows.csv, row 1, column 'amount': 'few' is not a number"):
        write_predictions(bundle, rows, out)
    assert [entry.name for entry in tmp_path.iterdir()] == ["rows.csv"]


def test_a_missing_column_names_the_file(bundle: Bundle, table: Table, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    table.frame.rename({"colour": "color"}).write_csv(rows)
    with pytest.raises(DataError, match=r"rows.csv: there is no column 'colour' \(did you mean 'color'"):
        write_predictions(bundle, rows, tmp_path / "out.csv")


def test_places_that_cannot_be_written(bundle: Bundle, rows: Path, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="is a folder"):
        write_predictions(bundle, rows, tmp_path)
    with pytest.raises(InputError, match="a file stands there"):
        write_predictions(bundle, rows, rows / "out.csv")
    with pytest.raises(DataError):
        write_predictions(bundle, tmp_path / "nowhere.csv", tmp_path / "out.csv")


def test_a_failed_write_leaves_the_older_file(
    bundle: Bundle, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.csv"
    out.write_text("older")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match=r"out.csv: cannot be written: No space left"):
        write_predictions(bundle, rows, out)
    assert out.read_text() == "older"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out.csv", "rows.csv"]


def test_the_ending_says_how_it_is_written(bundle: Bundle, rows: Path, tmp_path: Path) -> None:
    expected = predict_file(bundle, rows)
    readers = {"o.parquet": pl.read_parquet, "o.csv": pl.read_csv, "O.CSV": pl.read_csv, "o": pl.read_csv}
    for name, reader in {**readers, "o.tsv": partial(pl.read_csv, separator="\t")}.items():
        write_predictions(bundle, rows, tmp_path / name)
        found = reader(tmp_path / name)
        assert found.columns == expected.columns
        assert found["prediction"].to_list() == pytest.approx(expected["prediction"].to_list())
    for name in ("o.xlsx", "o.json", "o.csv.gz"):
        with pytest.raises(RecipeError, match=r"predictions are written as .csv, .tsv or .parquet"):
            write_predictions(bundle, rows, tmp_path / name)
        assert not (tmp_path / name).exists()


def test_true_and_false_are_labels_too(
    made: Callable[..., Bundle], mixed: Callable[..., Table], tmp_path: Path
) -> None:
    from dataclasses import replace

    bundle = made(Task.BINARY)
    bundle.target = replace(bundle.target, labels=(False, True))
    assert bundle.predict(mixed(Task.BINARY)).dtype == np.bool_


def test_a_bad_cell_in_a_column_that_the_network_does_not_take(
    bundle: Bundle, table: Table, tmp_path: Path
) -> None:
    text = [f"{number}" for number in range(len(table) - 1)] + ["abc"]
    data = tmp_path / "data.csv"
    table.frame.with_columns(other=pl.Series(text)).write_csv(data)
    assert write_predictions(bundle, data, tmp_path / "out.csv") == len(table)


_TRAINING_FILE = "amount;when;zip;answer\n" + "".join(
    f"{1 + row % 3}.{row:03},5;{1 + row % 28:02}/{1 + row % 12:02}/2020;{row % 7:05};{'ny'[row % 2]}\n"
    for row in range(60)
)


def bundle_of_file(folder: Path, **settings: object) -> Bundle:
    """A bundle whose preparation was fitted to a file, with random weights, saved and loaded."""
    path = folder / "training.csv"
    path.write_text(_TRAINING_FILE)
    rows = untyped(path, "answer", ReadSettings.checked({"kinds": {"zip": "qualitative"}} | settings))
    table = replace(rows.part(np.arange(60)), task=Task.BINARY)
    preparation, target = Preparation.fit(table), Target.of(table, np.arange(60))
    torch.manual_seed(0)
    network = build(
        NetworkSettings(hidden=(8,)),
        num_inputs=preparation.num_outputs,
        num_outputs=2,
        cardinalities=preparation.cardinalities,
    )
    Bundle(preparation, network, target).save(folder / "bundle")
    return load(folder / "bundle")


def test_a_few_rows_are_read_as_the_training_file_was_written(tmp_path: Path) -> None:
    """Alone, `1.002` is one and a bit, 03/04/2020 is in March, and 00003 is a number."""
    bundle = bundle_of_file(tmp_path)
    header, *lines = _TRAINING_FILE.splitlines()
    whole = predict_file(bundle, tmp_path / "training.csv")
    few = tmp_path / "few.csv"
    for row in (2, 3, 13):
        few.write_text(f"{header}\n{lines[row]}\n".replace(",5", ""))
        cut = predict_file(bundle, few)
        few.write_text(f"{header}\n{lines[row]}\n")
        assert predict_file(bundle, few).rows() == whole[row].rows()
        assert cut["probability_y"][0] == pytest.approx(whole["probability_y"][row], abs=1e-3)
    comma = ",".join(f'"{cell}"' for cell in lines[3].split(";"))
    few.write_text(f"{header.replace(';', ',')}\n{comma}\n")
    assert predict_file(bundle, few).rows() == whole[3].rows()


def test_a_file_that_is_written_otherwise_is_read_as_it_shows(tmp_path: Path) -> None:
    bundle = bundle_of_file(tmp_path)
    whole = predict_file(bundle, tmp_path / "training.csv")
    few = tmp_path / "few.csv"
    few.write_text("amount,when,zip\n1003.5,2020-04-04,00003\n")
    assert predict_file(bundle, few).rows() == whole[3].rows()
    few.write_text("amount;when;zip\n1.003,5;04/05/2020;00003\n")
    stated = predict_file(bundle, few, day_first=False)
    few.write_text("amount;when;zip\n1.003,5;05/04/2020;00003\n")
    assert stated.rows() == predict_file(bundle, few).rows()


def test_words_for_missing_values_are_those_of_training(tmp_path: Path) -> None:
    bundle = bundle_of_file(tmp_path, missing=("unknown",))
    few = tmp_path / "few.csv"
    few.write_text("amount;when;zip\nunknown;04/05/2020;00003\n")
    found = predict_file(bundle, few)
    assert "missing" in found["warnings"][0]
    assert predict_file(bundle, few, missing=("unknown", "x")).rows() == found.rows()
