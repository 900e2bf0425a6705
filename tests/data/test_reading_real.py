"""The real data sets, read as they come."""

import gzip
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import xlwt

from assay.core.errors import DataError
from assay.data.column import Kind, Role
from assay.data.kinds import settle_kinds
from assay.data.reading import ReadSettings, read

DEFAULT = "default payment next month"


def test_credit(shared_data: Path) -> None:
    table = read(shared_data / "credit_default.csv", target=DEFAULT)
    kinds = {column.name: column.kind for column in table.columns}
    codes = {column.name for column in table.columns if column.likely_codes}
    assert table.frame.shape == (30_000, 25)
    assert table.frame[DEFAULT].sum() == 6_636
    assert sum(table.frame.null_count().row(0)) == 0
    assert table.task == "binary"
    assert kinds["ID"] is Kind.IDENTIFIER
    assert {kinds[name] for name in ("SEX", "EDUCATION", "MARRIAGE")} == {Kind.QUALITATIVE}
    assert {kinds[name] for name in ("AGE", "LIMIT_BAL", "BILL_AMT1", "PAY_AMT6")} == {Kind.QUANTITATIVE}
    assert {kinds[f"PAY_{month}"] for month in (0, 2, 3, 4, 5, 6)} == {Kind.ORDINAL}
    assert codes == {"SEX", "EDUCATION", "MARRIAGE", *(f"PAY_{month}" for month in (0, 2, 3, 4, 5, 6))}
    assert len(table.features) == 23
    assert table.notes == ()


def test_credit_as_the_old_workbook_that_the_course_opens(shared_data: Path, tmp_path: Path) -> None:
    table = read(shared_data / "credit_default.csv")
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for place, name in enumerate(table.frame.columns):
        sheet.write(0, place, f"X{place}" if place else "")
        sheet.write(1, place, name)
        for row, value in enumerate(table.frame[name].head(500), start=2):
            sheet.write(row, place, value)
    book.save(str(tmp_path / "credit.xls"))
    from_xls = read(tmp_path / "credit.xls", target=DEFAULT)
    assert from_xls.frame.equals(table.frame.head(500))
    assert any("header was found in sheet row 2" in note for note in from_xls.notes)


def test_energy(shared_data: Path) -> None:
    table = read(shared_data / "energy.csv", target="Appliances")
    kinds = {column.name: column.kind for column in table.columns}
    assert table.frame.shape == (19_735, 29)
    assert table.task == "regression"
    assert kinds.pop("date") is Kind.DATE
    assert set(kinds.values()) == {Kind.QUANTITATIVE}
    assert "the rows are in time order" in table.column("date").why
    assert table.column("date").role is Role.FEATURE
    assert table.frame["date"][0] == datetime(2016, 1, 11, 17)
    assert table.frame["date"][-1] == datetime(2016, 5, 27, 18)
    assert table.frame["rv1"].equals(table.frame["rv2"], check_names=False)
    assert sum(table.frame.null_count().row(0)) == 0
    assert read(shared_data / "energy.csv", time="date").column("date").role is Role.TIME


def test_somerville(shared_data: Path) -> None:
    table = read(shared_data / "somerville.csv", target="D")
    assert table.frame.shape == (143, 7)
    assert table.frame["D"].value_counts().sort("D")["count"].to_list() == [66, 77]
    assert table.task == "binary"
    assert {column.kind for column in table.features} == {Kind.ORDINAL}
    assert not any(column.likely_codes for column in table.columns)


def test_year(shared_data: Path) -> None:
    table = read(shared_data / "year_msd_uci_1176.csv", target="label")
    assert table.frame.shape == (1_176, 91)
    assert table.task == "regression"
    assert len(table.features) == 90
    assert {column.kind for column in table.columns} == {Kind.QUANTITATIVE}


@pytest.mark.parametrize("packed", [False, True])
def test_year_without_its_header_as_the_official_file_comes(
    shared_data: Path, tmp_path: Path, packed: bool
) -> None:
    whole = (shared_data / "year_msd_uci_1176.csv").read_bytes()
    rows = whole.split(b"\n", 1)[1]
    path = tmp_path / ("year.txt.gz" if packed else "year.txt")
    path.write_bytes(gzip.compress(rows) if packed else rows)
    table = read(path, target=0)
    assert table.frame.shape == (1_176, 91)
    assert table.target is not None and table.target.name == "column_1"
    assert table.task == "regression"


def test_bytes_that_are_no_images_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pl.DataFrame({"hash": [b"\1\2", b"\3"], "y": [1, 0]}).write_parquet(path)
    with pytest.raises(DataError, match=r"column 'hash' holds .*ignore the column"):
        read(path, target="y")


@pytest.mark.parametrize(
    ("name", "target"),
    [("credit_default.csv", DEFAULT), ("energy.csv", "Appliances"), ("somerville.csv", "D")],
)
def test_the_training_rows_alone_give_the_same_kinds(shared_data: Path, name: str, target: str) -> None:
    table = read(shared_data / name, target=target)
    rows = np.sort(np.random.default_rng(0).permutation(len(table))[: len(table) * 6 // 10])
    settled = settle_kinds(table, rows, ReadSettings())
    assert [column.kind for column in settled.columns] == [column.kind for column in table.columns]
    assert settled.task == table.task


def test_every_source_gives_the_same_columns(shared_data: Path, tmp_path: Path) -> None:
    from_csv = read(shared_data / "energy.csv", target="Appliances")
    from_csv.frame.write_parquet(tmp_path / "energy.parquet")
    for source in (tmp_path / "energy.parquet", from_csv.frame, from_csv.frame.to_pandas()):
        table = read(source, target="Appliances")
        assert table.frame.equals(from_csv.frame)
        assert table.columns == from_csv.columns
    semicolons = tmp_path / "energy.txt"
    from_csv.frame.write_csv(semicolons, separator=";", decimal_comma=True)
    assert read(semicolons, target="Appliances").frame.equals(from_csv.frame)
    assert isinstance(from_csv.frame, pl.DataFrame)
