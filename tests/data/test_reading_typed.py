"""Columns of decimal numbers that polars types itself come out as those that are read as text."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from assay.core.errors import DataError
from assay.data.reading import ReadSettings, read, untyped
from assay.data.table import Table

ODD = ["", "NA", "+2.5", " 2.5", "2.5 ", "1e3", "nan", "00501", "7", "1_0.0", "yes", "2024-01-31", "1;2"]


def written(tmp_path: Path, odd: str) -> Path:
    path = tmp_path / "data.csv"
    rows = [f"{number}.25,{number},{number / 7},a{number % 3}" for number in range(300)]
    rows[250] = f"{odd},250,3.5,a1"
    path.write_text("x,n,z,word\n" + "\n".join(rows) + "\n")
    return path


def outcome(make: Callable[[], Table]) -> pl.DataFrame | str:
    try:
        return make().frame
    except DataError as error:
        return str(error)


@pytest.mark.parametrize("odd", ODD)
def test_both_ways_of_reading_agree(tmp_path: Path, odd: str) -> None:
    path, settings = written(tmp_path, odd), ReadSettings(kinds={"x": "qualitative"} if odd == "yes" else {})
    typed = outcome(lambda: read(path, target="z", settings=settings))
    as_text = outcome(untyped(path, "z", settings).table)
    if isinstance(as_text, str):
        assert typed == as_text
    else:
        assert_frame_equal(typed, as_text)


@pytest.mark.parametrize("line", ["1.5,2", "1.5,2,3.5,a,b"])
def test_records_of_other_widths_are_refused_with_their_line_even_where_they_make_up_for_each_other(
    tmp_path: Path, line: str
) -> None:
    path = written(tmp_path, "1.5")
    lines = path.read_text().splitlines()
    lines[100] = line
    lines[200] = "1.5,2,3.5,a,b,c" if line.count(",") == 1 else "1.5,2,3.5"
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(DataError, match="line 101 has"):
        read(path, target="z")


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    path = written(tmp_path, "1.5")
    path.write_text(path.read_text().replace("a1\n", "a1\n\n"))
    assert len(read(path, target="z")) == 300
