"""Numbers that the user says stand for a missing value."""

from pathlib import Path

import polars as pl
import pytest

import assay

_VALUES = [1.5, None, 2.5, None]


@pytest.mark.parametrize("written", ["-999", "-999.0"])
@pytest.mark.parametrize("stated", ["-999", "-999.0", "-9.99e2"])
def test_a_number_that_stands_for_missing_is_read_as_missing(
    tmp_path: Path, written: str, stated: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_text(f"a,count,y\n1.5,7,1\n{written},{written},2\n2.5,8,3\n,9,4\n")
    table = assay.read(path, target="y", missing=("NA", stated))
    assert table.frame["a"].to_list() == _VALUES
    assert table.frame["count"].to_list() == [7, None, 8, 9]


def test_frames_in_memory_know_it_too() -> None:
    frame = pl.DataFrame({"a": [1.5, -999.0, 2.5, None], "b": [1, -999, 3, 4], "y": [1, 2, 3, 4]})
    table = assay.read(frame, target="y", missing=("-999",))
    assert table.frame["a"].to_list() == _VALUES
    assert table.frame["b"].to_list() == [1, None, 3, 4]


def test_rows_whose_target_is_such_a_number_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,y\n1,1\n2,-1\n3,3\n")
    table = assay.read(path, target="y", missing=("-1",))
    assert table.frame["y"].to_list() == [1, 3]
    assert table.left_out == 1


def test_without_being_stated_it_stays_a_number(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,y\n1,1\n-999,2\n3,3\n")
    assert assay.read(path, target="y").frame["a"].to_list() == [1, -999, 3]
