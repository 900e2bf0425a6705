import io
import re

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from assay.cli.inspection_table import print_inspection
from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.inspection import inspect
from assay.data.table import Table

rng = np.random.default_rng(0)


def shown(table, width=80, terminal=False, **choices):
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, highlight=False, force_terminal=terminal, legacy_windows=False
    )
    print_inspection(inspect(table), console, **choices)
    return stream.getvalue()


def numbers(names, target=None, task=None, notes=()):
    values = {name: rng.normal(size=600) * 1e4 for name in names}
    columns = tuple(
        Column(name, Kind.QUANTITATIVE, Role.TARGET if name == target else Role.FEATURE) for name in names
    )
    return Table(pl.DataFrame(values), columns, task, "numbers.csv", notes)


WIDE = numbers(["year", *(f"TimbreCovariance{number}" for number in range(1, 91))], "year", Task.REGRESSION)


@pytest.mark.parametrize("width", [80, 100, 160])
@pytest.mark.parametrize("terminal", [False, True])
def test_no_line_is_wider_than_the_screen(width, terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(WIDE, width, terminal, everything=True)
    plain = re.sub("\x1b\\[[0-9;]*m", "", text)
    assert max(len(line) for line in plain.splitlines()) <= width
    if not terminal:
        assert "\x1b" not in text


def figures(text):
    """The table's heads, and its rows as dictionaries by head."""
    lines = text.replace("> 3 sd", ">3sd").splitlines()
    start = next(number for number, line in enumerate(lines) if line.split()[:1] == ["column"])
    heads = lines[start].split()
    rows = [line.split() for line in lines[start + 2 : start + 27]]
    return heads, [dict(zip(heads[1:], row[1:], strict=True)) for row in rows]


@pytest.mark.parametrize("width", [14, 20, 30, 40, 50, 60, 80])
def test_a_narrow_screen_drops_figures_and_cuts_none(width):
    heads, rows = figures(shown(WIDE, 200))
    text = shown(WIDE, width)
    kept, narrow = figures(text)
    assert narrow == [{head: row[head] for head in kept[1:]} for row in rows]
    told = re.search(r"left out for want of room: ([^()]*) \(", " ".join(text.split()))
    left_out = told.group(1).replace("> 3 sd", ">3sd").split(", ") if told else []
    assert sorted(kept + left_out) == sorted(heads)
    assert len(left_out) == {14: 7, 20: 7, 30: 6, 40: 5, 50: 3, 60: 2, 80: 0}[width]


def test_many_columns_are_cut_and_said_so():
    text = shown(WIDE)
    assert "and 66 more columns (--all shows them)" in text
    assert "…ariance9 " in text or "TimbreCovariance9 " in text
    assert "more columns" not in shown(WIDE, everything=True)


def test_long_names_keep_their_ends():
    text = shown(WIDE, everything=True)
    assert all(f"iance{number} " in text for number in range(1, 91))


def test_the_target_and_columns_with_findings_stand_first():
    table = numbers(["a", "b", "c", "y"], "y", Task.REGRESSION)
    gaps = table.frame.with_columns(pl.when(pl.int_range(600) < 100).then(None).otherwise("c").alias("c"))
    gaps = table.frame.with_columns(pl.when(pl.int_range(600) > 100).then(pl.col("c")).alias("c"))
    text = shown(Table(gaps, table.columns, table.task, "gaps.csv"))
    rows = [line.split()[0] for line in text.splitlines() if "quantitative" in line]
    assert rows == ["y", "c", "a", "b"]
    assert "A101 warning: more than 5 % missing" in text
    assert "'c' has no value in 101 of 600 rows (16.8 %)" in text


def test_equal_findings_are_gathered():
    x = rng.normal(size=600)
    frame = pl.DataFrame({f"copy {number}": x for number in range(12)})
    columns = tuple(Column(name, Kind.QUANTITATIVE) for name in frame.columns)
    text = shown(Table(frame, columns))
    assert text.count("equals 'copy 0'") == 4
    assert "and 7 more: 'copy 5'" in text
    assert text.count("drop one of the two") == 1
    assert shown(Table(frame, columns), everything=True).count("equals 'copy 0'") == 11


def test_classes_notes_and_no_findings():
    frame = pl.DataFrame({"x": rng.normal(size=600), "y": ["a", "b"] * 300})
    columns = (Column("x", Kind.QUANTITATIVE), Column("y", Kind.QUALITATIVE, Role.TARGET))
    text = shown(Table(frame, columns, Task.BINARY, "t.csv", ("the separator is ';'",)))
    assert "t.csv: 600 rows, 2 columns, target 'y' (binary)" in text
    assert "classes a: 300 (50 %), b: 300 (50 %)" in text
    assert "note: the separator is ';'" in text
    assert "no findings" in text


def test_names_are_not_taken_for_markup():
    frame = pl.DataFrame({"[red]x[/red]": rng.normal(size=600), "two\nlines": rng.normal(size=600)})
    text = shown(Table(frame, tuple(Column(name, Kind.QUANTITATIVE) for name in frame.columns)))
    assert "[red]x[/red]" in text
    assert "two lines" in text
