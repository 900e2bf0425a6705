"""Some rows of a source, read as if there were no others, and others read the way those are written."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from assay.core.errors import DataError
from assay.core.task import Task
from assay.data.column import Kind
from assay.data.reading import ReadSettings, read, untyped

OPEN = np.arange(0, 60, 2)  # every second row; the others are sealed
# Open texts, and what the sealed rows hold in their place.
TEXTS: dict[str, tuple[list[str], list[str]]] = {
    "whole numbers": (["1", "2", "30"], ["2.5", "x"]),
    "numbers": (["1.5", "2.25", "?"], ["1,5", "50%"]),
    "decimal commas": (["1,5", "2,25", "3,5"], ["1.5"]),
    "thousands": (["1,234.5", "2,000.25", "999"], ["one"]),
    "too long": (["5", "7", "9"], ["12345678901234567890123"]),
    "leading zeros": (["7", "8", "9"], ["007"]),
    "days": (["01/02/2020", "03/04/2020"], ["31/12/2020"]),
    "moments": (["2020-01-01 10:00", "2020-01-02 11:30"], ["yesterday"]),
    "truths": (["true", "FALSE"], ["maybe"]),
    "words": (["red", "green", "blue"], ["1", "2"]),
    "categories": (["0", "1", "2", "3+"], ["4.5"]),
    "nothing": (["", "NA"], ["1"]),
}


def mixed(texts: tuple[list[str], list[str]]) -> list[str]:
    """60 texts, the open ones in the even rows."""
    return [texts[row % 2][row // 2 % len(texts[row % 2])] for row in range(60)]


def write(path: Path, columns: dict[str, list[str]], separator: str = ";") -> Path:
    pl.DataFrame(columns).write_csv(path, separator=separator)
    return path


class TestAPart:
    @pytest.mark.parametrize("name", TEXTS)
    def test_is_what_a_file_of_these_rows_would_be(self, tmp_path: Path, name: str) -> None:
        columns = {"a": [f"n{row}" for row in range(60)], "b": mixed(TEXTS[name]), "y": ["0", "1"] * 30}
        columns["y"] = mixed((["0", "1"], ["z", "0"]))
        whole = write(tmp_path / "whole.csv", columns)
        alone = write(tmp_path / "alone.csv", {k: v[::2] for k, v in columns.items()})
        part = untyped(whole, "y", ReadSettings()).part(OPEN)
        expected = untyped(alone, "y", ReadSettings()).part(np.arange(30))
        assert part.frame.equals(expected.frame)
        assert part.frame.schema == expected.frame.schema
        assert part.columns == expected.columns
        rows = r"row \d+ \(line \d+\)"  # in the file of all rows, and in that of these rows
        assert [re.sub(rows, "", note) for note in part.notes] == [
            re.sub(rows, "", note) for note in expected.notes
        ]
        assert part.task is Task.BINARY
        np.testing.assert_array_equal(part.rows, OPEN)

    def test_leaves_out_nameless_columns_that_only_other_rows_fill(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text(
            "a,b,\n" + "".join(f"{row},{row % 7},{'' if row % 2 == 0 else 5}\n" for row in range(60))
        )
        rows = untyped(path, None, ReadSettings())
        assert rows.part(OPEN).frame.columns == ["a", "b"]
        assert rows.table().frame.columns == ["a", "b", "column_3"]
        assert not rows.part(OPEN).notes

    def test_names_the_rows_of_the_file_when_a_value_is_wrong(self, tmp_path: Path) -> None:
        texts = ["1.5"] * 60
        texts[40] = "oops"
        rows = untyped(write(tmp_path / "t.csv", {"b": texts, "c": ["1"] * 60}), None, ReadSettings())
        with pytest.raises(DataError, match=r"'b' holds numbers, but row 41 \(line 42\) holds 'oops'"):
            rows.part(OPEN)
        assert rows.part(np.arange(40)).frame["b"].dtype == pl.Float64

    def test_of_typed_columns_keeps_their_types(self) -> None:
        frame = pl.DataFrame({"a": [0.5, 1.0] * 30, "t": mixed(TEXTS["numbers"])})
        part = untyped(frame, None, ReadSettings()).part(OPEN)
        assert part.frame.schema == {"a": pl.Float64, "t": pl.Float64}
        again = untyped(read(frame), "a", ReadSettings()).part(OPEN)
        assert again.frame.schema == {"a": pl.Float64, "t": pl.String}

    def test_of_a_workbook_has_its_own_whole_numbers(self, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        book.active.append(["a", "b", "c"])
        for row in range(60):
            book.active.append(
                [row, row % 5 if row % 2 == 0 else 2.5, row + 0.25 if row % 2 == 0 else "word"]
            )
        book.save(tmp_path / "t.xlsx")
        part = untyped(tmp_path / "t.xlsx", None, ReadSettings()).part(OPEN)
        assert part.frame.schema == {"a": pl.Int64, "b": pl.Int64, "c": pl.Float64}
        assert part.frame["c"].to_list() == [row + 0.25 for row in range(0, 60, 2)]


class TestRowsWithoutATarget:
    def test_keep_their_numbers_in_the_source(self, tmp_path: Path) -> None:
        columns = {"a": [str(row) for row in range(60)], "y": ["", "0", "1"] * 20}
        rows = untyped(write(tmp_path / "t.csv", columns), "y", ReadSettings())
        table = rows.undivided()
        assert len(table) == 40
        assert table.left_out == 20
        chosen = table.in_source(np.array([0, 1, 2, 39]))
        assert rows.part(chosen).frame["a"].to_list() == [1, 2, 4, 59]
        assert table.take([3]).in_source(np.array([0])).tolist() == [5]

    def test_add_to_those_that_a_table_had_lost_before(self) -> None:
        table = read({"a": [1, 2, 3, 4, 5, 6], "y": [None, 1, 2, 1, 2, 1]}, target="y")
        again = read(table)
        assert (table.left_out, again.left_out, again.rows) == (1, 1, None)


class TestUndivided:
    """What is divided may hold anything in rows that will not train."""

    def test_rows_do_not_stop_at_a_word_among_numbers(self, tmp_path: Path) -> None:
        path = write(tmp_path / "t.csv", {"b": [*["1.5"] * 59, "oops"], "y": ["0", "1"] * 30})
        assert untyped(path, "y", ReadSettings()).undivided().frame["b"].dtype == pl.String
        with pytest.raises(DataError, match="oops"):
            untyped(path, "y", ReadSettings()).table()

    @pytest.mark.parametrize(
        ("settings", "column"),
        [
            ({"kinds": {"b": "quantitative"}}, ["1", "2", "x"] * 20),
            ({"kinds": {"b": "boolean"}}, ["0", "1", "2"] * 20),
            ({"kinds": {"b": "date"}}, ["20200101", "20209999"] * 30),
            ({"levels": {"b": ("low", "high")}}, ["low", "high", "middle"] * 20),
            ({}, [*["1.5"] * 59, "inf"]),
        ],
    )
    def test_rows_do_not_stop_at_a_stated_kind(
        self, tmp_path: Path, settings: dict[str, Any], column: list[str]
    ) -> None:
        path = write(tmp_path / "t.csv", {"b": column, "y": ["0", "1"] * 30})
        rows = untyped(path, "y", ReadSettings.checked(settings, where="reading"))
        assert len(rows.undivided()) == 60
        with pytest.raises(DataError, match="'b'"):
            rows.table()

    @pytest.mark.parametrize(
        ("task", "target", "found"),
        [
            ("binary", ["0", "1", "2"], Task.BINARY),
            ("regression", ["1", "2", "x"], None),
            (None, [f"t{row}" for row in range(60)], None),
            (None, ["5"], None),
        ],
    )
    def test_rows_do_not_stop_at_the_target(
        self, tmp_path: Path, task: str | None, target: list[str], found: Task | None
    ) -> None:
        path = write(tmp_path / "t.csv", {"b": ["1", "2"] * 30, "y": (target * 60)[:60]})
        settings = ReadSettings.checked({"task": task} if task else {}, where="reading")
        assert untyped(path, "y", settings).undivided().task is found
        with pytest.raises(DataError, match="target 'y'"):
            untyped(path, "y", settings).table()


class TestLikeOthers:
    """Rows that are read later follow the spelling of those that were there first."""

    SEALED = OPEN + 1

    def like(self, path: Path, open_texts: list[str], sealed: list[str], **settings: Any) -> pl.Series:
        columns = {"b": mixed((open_texts, sealed)), "c": ["1", "2", "5"] * 20}
        rows = untyped(write(path, columns), None, ReadSettings.checked(settings, where="reading"))
        return rows.frame_like(self.SEALED, OPEN, ["b"])["b"]

    @pytest.mark.parametrize(
        ("open_texts", "sealed", "values"),
        [
            (["1", "2"], ["2.5", "3"], [2.5, 3.0]),
            (["1.5", "2"], ["7", " 8 "], [7, 8]),
            (["1.5", "2"], ["nan", "?"], [None, None]),
            (["7", "8"], ["007", "12345678901234567890123"], [7, 12345678901234567890123.0]),
            (["1,5", "2,25"], ["3,5", "4"], [3.5, 4.0]),
            (["1,234.5", "2,000.25"], ["1,000", "3"], [1000, 3]),
            (["true", "false"], ["True", "NA"], [True, None]),
            (["red", "green"], ["1", "2.5"], ["1", "2.5"]),
        ],
    )
    def test_values_are_read_so(
        self, tmp_path: Path, open_texts: list[str], sealed: list[str], values: list[Any]
    ) -> None:
        found = self.like(tmp_path / "t.csv", open_texts, sealed)
        assert found[:2].to_list() == values

    def test_days_keep_their_order(self, tmp_path: Path) -> None:
        """05/03 is in March, since another open row tells; the sealed rows alone would say May."""
        found = self.like(tmp_path / "t.csv", ["25/02/2020", "01/02/2020"], ["05/03/2020"])
        assert str(found[0]) == "2020-03-05"

    def test_stated_kinds_hold(self, tmp_path: Path) -> None:
        found = self.like(tmp_path / "t.csv", ["20200131"], ["20200305"], kinds={"b": Kind.DATE})
        assert str(found[0]) == "2020-03-05"

    @pytest.mark.parametrize("name", ["numbers", "days", "truths", "moments", "thousands"])
    def test_others_are_refused_with_their_row(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(
            DataError, match=r"column 'b' holds .*, but row 2 \(line 3\) holds .* other texts"
        ):
            self.like(tmp_path / "t.csv", *TEXTS[name])

    def test_an_unknown_class_of_the_target_is_null(self, tmp_path: Path) -> None:
        path = write(tmp_path / "t.csv", {"b": ["1"] * 60, "y": mixed((["0", "1"], ["x", "1"]))})
        found = untyped(path, "y", ReadSettings()).frame_like(self.SEALED, OPEN, ["y"])["y"]
        assert found[:2].to_list() == [None, 1]
