"""`split` on tables: what is chosen, what is said, what the record keeps."""

import json
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from assay.core.errors import BundleError, DataError
from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.split import Split, SplitSettings, split
from assay.data.table import Table

START = datetime(2026, 1, 1)


def make_table(
    num_rows: int = 200, task: Task = Task.BINARY, *, date: list[datetime] | None = None, **roles: Role
) -> Table:
    """A table of three features, a target and, if given, a date; `roles` of columns by name."""
    rng = np.random.default_rng(0)
    values: dict[str, object] = {name: rng.normal(size=num_rows) for name in ("a", "b", "c")}
    values["patient"] = rng.integers(0, 20, num_rows)
    if date is not None:
        values["when"] = date
    level = np.cumsum(rng.normal(size=num_rows))
    values["y"] = level if task is Task.REGRESSION else np.where(rng.random(num_rows) < 0.25, "ill", "well")
    frame = pl.DataFrame(values)
    columns = tuple(
        Column(
            name,
            Kind.DATE if name == "when" else Kind.QUANTITATIVE,
            Role.TARGET if name == "y" else roles.get(name, Role.FEATURE),
        )
        for name in frame.columns
    )
    return Table(frame, columns, task, name="made.csv")


def days(num_rows: int) -> list[datetime]:
    return [START + timedelta(days=number) for number in range(num_rows)]


def same(one: Split, other: Split) -> bool:
    return one.hashes == other.hashes


def test_without_time_or_group_classes_keep_their_shares() -> None:
    table = make_table()
    drawn = split(table)
    assert drawn.method == "random"
    assert drawn.sizes == {"train": 120, "validation": 40, "test": 40}
    ill = (table.frame["y"] == "ill").to_numpy()
    for rows in (drawn.train, drawn.validation, drawn.test):
        assert rows.dtype == np.int64
        assert abs(ill[rows].sum() - len(rows) * ill.mean()) <= 1
    assert "by chance: no group column" in drawn.reasons[0]
    assert drawn.reasons[1].startswith("60:20:20")
    assert drawn.warnings == ()


def test_the_seed_names_the_draw() -> None:
    table = make_table()
    assert same(split(table, seed=1), split(table, seed=1))
    assert not same(split(table, seed=1), split(table, seed=2))
    # Pinned, so that a version that draws other rows for the same seed is noticed.
    assert split(table, seed=0).hashes["test"][:16] == "f501017e4c813844"


def test_settings_and_choices_meet() -> None:
    drawn = split(make_table(), SplitSettings(test=0.5), validation=0.25)
    assert drawn.sizes == {"train": 50, "validation": 50, "test": 100}


def test_a_group_column_is_kept_whole() -> None:
    table = make_table(patient=Role.GROUP)
    drawn = split(table)
    assert drawn.method == "group"
    patients = table.frame["patient"].to_numpy()
    assert not set(patients[drawn.train]) & set(patients[drawn.test])
    assert not set(patients[drawn.open_rows]) & set(patients[drawn.test])


def test_a_time_column_orders_the_parts() -> None:
    table = make_table(date=days(200)[::-1], when=Role.TIME)
    drawn = split(table)
    assert drawn.method == "time"
    assert drawn.test.tolist() == list(range(40))  # newest first in the file: the first rows are the latest
    assert any("test 2026-06-10 00:00:00 to 2026-07-19 00:00:00" in reason for reason in drawn.reasons)


def test_dates_in_order_make_the_split_time_ordered_and_say_what_a_random_one_would_hide() -> None:
    table = make_table(task=Task.REGRESSION, date=days(200))
    drawn = split(table)
    assert drawn.method == "time"
    assert drawn.test.tolist() == list(range(160, 200))
    (warning,) = drawn.warnings
    assert "a random split would flatter" in warning
    assert "correlate by 0.9" in warning
    assert "--split random" in warning
    again = split(table, method=drawn.method)  # what recipe.toml holds afterwards
    assert same(drawn, again)


def test_a_random_split_of_rows_in_order_is_warned_of() -> None:
    drawn = split(make_table(date=days(200)), method="random")
    assert drawn.method == "random"
    assert "not for the future (--split time)" in drawn.warnings[0]


def test_dates_without_order_are_drawn_by_chance_with_a_note() -> None:
    shuffled = [days(200)[number] for number in np.random.default_rng(3).permutation(200)]
    drawn = split(make_table(date=shuffled))
    assert drawn.method == "random"
    assert "'when' holds dates that are not in order" in drawn.warnings[0]


def test_a_few_dates_in_blocks_are_no_order_in_time() -> None:
    blocks = [START + timedelta(days=number // 50) for number in range(200)]
    assert split(make_table(date=blocks)).method == "random"


def test_groups_come_before_time_and_that_is_said() -> None:
    drawn = split(make_table(date=days(200), patient=Role.GROUP, when=Role.TIME))
    assert drawn.method == "group"
    assert "parts overlap in time" in drawn.warnings[0]


def test_official_rows_with_validation_drawn_from_training() -> None:
    table = make_table()
    drawn = split(table, test_rows="last 50")
    assert drawn.method == "rows"
    assert drawn.test.tolist() == list(range(150, 200))
    assert len(drawn.validation) == 37  # 25 % of 150, as 20 of 60 + 20
    assert sorted([*drawn.train, *drawn.validation]) == list(range(150))
    assert any("25 % of the official training rows" in reason for reason in drawn.reasons)
    assert same(drawn, split(table, train_rows="1-150"))


def test_official_validation_keeps_groups_whole() -> None:
    table = make_table(patient=Role.GROUP)
    drawn = split(table, test_rows="last 50")
    patients = table.frame["patient"].to_numpy()
    assert not set(patients[drawn.train]) & set(patients[drawn.validation])


def test_rows_in_no_official_part_are_counted() -> None:
    drawn = split(make_table(), train_rows="1-100", validation_rows="101-120", test_rows="last 50")
    assert "30 rows stand in no official part and are not used" in drawn.reasons


def test_copies_across_parts_are_counted() -> None:
    table = make_table(100)
    twice = replace(table, frame=pl.concat([table.frame, table.frame]))
    assert "have the same features as some training row" in split(twice).warnings[0]


def test_a_class_that_training_lacks_is_named() -> None:
    table = make_table(date=days(200), when=Role.TIME)
    late = table.frame.with_columns(y=pl.Series(["well"] * 150 + ["ill"] * 50))
    assert "no training row has class 'ill'" in split(replace(table, frame=late)).warnings


def test_a_class_that_only_sealed_rows_have_is_not_told() -> None:
    table = make_table(date=days(200), when=Role.TIME)
    latest = table.frame.with_columns(y=pl.Series(["well", "ill"] * 80 + ["secret"] * 40))
    assert "secret" not in " ".join(split(replace(table, frame=latest)).warnings)


@pytest.mark.parametrize(
    ("table", "choices", "message"),
    [
        (make_table(9), {}, "9 rows cannot be divided"),
        (make_table(), {"method": "group"}, r"needs a group column \(name it: --group-column"),
        (make_table(), {"method": "time"}, "needs a time column, and no column holds dates"),
        (make_table(12), {"test": 0.01}, "has no row"),
    ],
)
def test_what_cannot_be_divided(table: Table, choices: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        split(table, **choices)


def test_missing_times_groups_and_targets_are_counted_and_placed() -> None:
    dated = make_table(date=days(200), when=Role.TIME)
    gap = dated.frame.with_columns(when=pl.when(pl.int_range(200) == 6).then(None).otherwise(pl.col("when")))
    with pytest.raises(DataError, match=r"1 of 200 rows have no time in column 'when' \(data row 7\)"):
        split(replace(dated, frame=gap))
    grouped = make_table(patient=Role.GROUP)
    gaps = grouped.frame.with_columns(patient=pl.lit(None, dtype=pl.Int64))
    with pytest.raises(
        DataError, match=r"200 of 200 rows have no group .* \(data row 1, 2, 3, 4, 5, \.\.\.\)"
    ):
        split(replace(grouped, frame=gaps))
    plain = make_table()
    with pytest.raises(DataError, match="no target in column 'y'"):
        split(replace(plain, frame=plain.frame.with_columns(y=pl.lit(None, dtype=pl.String))))


def test_time_may_be_numbers_but_not_words() -> None:
    table = make_table(a=Role.TIME)
    drawn = split(table)
    values = table.frame["a"].to_numpy()
    assert values[drawn.train].max() < values[drawn.validation].min() < values[drawn.test].min()
    words = replace(table, frame=table.frame.with_columns(a=pl.lit("monday")))
    with pytest.raises(DataError, match=r"neither dates nor numbers .*first value is 'monday'"):
        split(words)


def test_the_record_comes_back_and_keeps_openings(tmp_path: Path) -> None:
    drawn = split(make_table(date=days(200)), seed=4)
    drawn.openings.append({"at": "2026-01-01T00:00:00+00:00", "bundle": "abc"})
    drawn.save(tmp_path / "study")
    loaded = Split.load(tmp_path / "study")
    assert loaded.to_json() == drawn.to_json()
    assert np.array_equal(loaded.test, drawn.test)
    assert sorted(path.name for path in (tmp_path / "study").iterdir()) == ["split.json", "split.npz"]
    record = json.loads((tmp_path / "study" / "split.json").read_text())
    assert record["seal"] == {"opened": drawn.openings}
    assert set(record) == {"method", "seed", "rows", "sizes", "reasons", "warnings", "hashes", "seal"}


def test_the_hash_is_of_little_endian_int64() -> None:
    import hashlib

    drawn = split(make_table())
    plain = b"".join(int(row).to_bytes(8, "little") for row in drawn.test)
    assert drawn.hashes["test"] == hashlib.sha256(plain).hexdigest()


def swap_rows(folder: Path) -> None:
    drawn = Split.load(folder)
    replace(drawn, train=drawn.test, test=drawn.train).save(folder.parent / "other")
    (folder.parent / "other" / "split.npz").replace(folder / "split.npz")


def cut(folder: Path) -> None:
    path = folder / "split.npz"
    path.write_bytes(path.read_bytes()[:-40])


def flip_a_byte(folder: Path) -> None:
    path = folder / "split.npz"
    with zipfile.ZipFile(path) as stored:
        offset = stored.getinfo("test.npy").header_offset + 60
    content = bytearray(path.read_bytes())
    content[offset] ^= 0xFF
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (swap_rows, r"the train and test rows are not those that were drawn: the hash .* recorded is"),
        (cut, "the stored row numbers are damaged"),
        (flip_a_byte, "damaged|not those that were drawn"),
        (lambda folder: (folder / "split.npz").unlink(), "there is no file split.npz"),
        (lambda folder: (folder / "split.json").unlink(), "there is no file split.json"),
        (lambda folder: (folder / "split.json").write_text("{"), "not valid JSON at line 1"),
        (lambda folder: (folder / "split.json").write_text("[]"), "not the record of a split"),
        (lambda folder: (folder / "split.json").write_text("{}"), "not the record of a split"),
    ],
)
def test_a_harmed_record_is_refused(tmp_path: Path, harm: object, message: str) -> None:
    split(make_table()).save(tmp_path / "study")
    harm(tmp_path / "study")  # type: ignore[operator]
    with pytest.raises(BundleError, match=message):
        Split.load(tmp_path / "study")


def test_rare_classes_that_move_the_sizes_are_said() -> None:
    table = make_table(40)
    every = table.frame.with_columns(y=pl.Series([f"class {number // 4}" for number in range(40)]))
    drawn = split(replace(table, frame=every))
    assert drawn.sizes != {"train": 24, "validation": 8, "test": 8}
    assert "rare classes" in drawn.reasons[-1]


def test_official_row_numbers_do_not_survive_rows_that_were_left_out() -> None:
    table = replace(make_table(), left_out=3)
    with pytest.raises(DataError, match="3 rows without a target were left out"):
        split(table, train_rows="1-100")
