"""What reads rows without polars reads them as Assay does: values, warnings and messages."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from spelled_rows import COLUMNS, MISTAKES, rows_text, training_schema

from assay.core.errors import AssayError, DataError
from assay.data.reading import read
from assay.data.schema import Schema
from assay.export.portable.choices import Choices
from assay.export.portable.schema import PortableSchema

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16")


def portable(schema: Schema) -> PortableSchema:
    """The schema after a journey through JSON."""
    columns = [asdict(column) | {"kind": column.kind.value} for column in schema.columns]
    return PortableSchema(json.loads(json.dumps(columns)))


def by_assay(schema: Schema, path: Path, **choices: Any) -> np.ndarray:
    """What `assay predict` makes of a file."""
    table = read(path, target=None, columns=schema.names, spellings=schema.spellings, **choices)
    try:
        return schema.encode(table)
    except DataError as error:
        where = error.where if path.name in error.where else f"{path.name}, {error.where}".rstrip(", ")
        raise DataError(error.message, hint=error.hint, where=where) from error


def answer(read_rows: Callable[[], np.ndarray]) -> np.ndarray | str:
    """The matrix, or what is said instead."""
    try:
        return read_rows()
    except AssayError as error:
        return str(error)


def assert_read_alike(schema: Schema, path: Path, **choices: Any) -> np.ndarray | str:
    """Both readers give the same matrix and warnings, or the same message."""
    expected = answer(lambda: by_assay(schema, path, **choices))
    reader = portable(schema)
    found = answer(lambda: reader.encode(path, Choices(**choices)))
    if isinstance(expected, str) or isinstance(found, str):
        assert found == expected
        return found
    np.testing.assert_array_equal(found, expected)
    assert reader.warnings(found) == schema.warnings(expected)
    return found


def mistaken_texts(names: list[str], seed: int) -> Iterator[tuple[str, str]]:
    """Files of few and many rows, with few and many mistakes, and an encoding for each."""
    rng = np.random.default_rng(seed)
    for number, (num_rows, mistakes) in enumerate(((1, 0.0), (5, 0.1), (40, 0.02), (40, 0.5))):
        separator, line_end = str(rng.choice([",", ";", "\t"])), str(rng.choice(["\n", "\r\n"]))
        text = rows_text(
            names, num_rows, seed + number, mistakes=mistakes, separator=separator, line_end=line_end
        )
        yield text, str(rng.choice(ENCODINGS))


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_every_spelling_is_read_alike(name: str, tmp_path: Path) -> None:
    names = [name, "whole"] if name != "whole" else ["whole", "decimal"]
    schema = training_schema(tmp_path / "training.csv", names)
    path = tmp_path / "rows.csv"
    path.write_text(rows_text(names, 40, seed=5), encoding="utf-8")
    assert not isinstance(assert_read_alike(schema, path), str)
    for mistake in MISTAKES:
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([*csv.reader(io.StringIO(rows_text(names, 3, seed=6))), [mistake, "1"]])
        path.write_text(stream.getvalue(), encoding="utf-8")
        assert_read_alike(schema, path)


@pytest.mark.parametrize("seed", range(12))
def test_files_with_mistakes_are_read_alike(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    names = [str(name) for name in rng.choice(list(COLUMNS), 4, replace=False)]
    stand_in = str(rng.choice(["NA", "-999", "none"]))
    schema = training_schema(tmp_path / "training.csv", names, seed, missing=stand_in)
    for text, encoding in mistaken_texts(names, 100 * seed):
        (tmp_path / "rows.csv").write_text(text, encoding=encoding, newline="")
        assert_read_alike(schema, tmp_path / "rows.csv")


@pytest.mark.parametrize("seed", range(12))
def test_rows_with_mistakes_are_read_alike(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    names = [str(name) for name in rng.choice(list(COLUMNS), 4, replace=False)]
    schema = training_schema(tmp_path / "training.csv", names, seed, missing="-999")
    reader = portable(schema)
    others = [
        None,
        True,
        False,
        3,
        2.5,
        -999,
        -999.0,
        1,
        0,
        float("nan"),
        np.float64(2),
        np.int64(1),
        10**400,
    ]
    for number in range(4):
        texts = csv.reader(io.StringIO(rows_text(names, 6, 10 * seed + number, mistakes=0.05)))
        rows = [
            [others[rng.integers(len(others))] if rng.random() < 0.1 else cell for cell in row]
            for row in list(texts)[1:]
        ]
        expected, found = answer(lambda: schema.encode(rows)), answer(lambda: reader.encode(rows))  # noqa: B023
        if isinstance(expected, str) or isinstance(found, str):
            assert found == expected
        else:
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("whole,decimal\n", "no rows below its header"),
        ("whole,decimal\n1,2.5\n1\n", "line 3 has 1 field, 2 were expected"),
        ('whole,decimal\n1,2.5\n"1,2.5\n', "a quote"),
        ("whole,other\n1,2.5\n2,3.5\n", "there is no column 'decimal'"),
        (
            "whole,decimal\n1,2.5\n2,abc\n3,4.5\n",
            "column 'decimal' holds numbers, but row 2 (line 3) holds 'abc'",
        ),
        ("whole,decimal\n1,abc\n", "row 1, column 'decimal': 'abc' is not a number"),
        ("whole,decimal\n1,inf\n2,1.5\n", "holds an infinite number in row 1 (line 2)"),
        ("decimal;whole;more\n1.5;2;x\n\n2.5;3;y\n", ""),
        ("# a title\n\nwhole,decimal\n1,2.5\n2,3.5\n3,4.5\n", ""),
        ("whole,decimal,\n1,2.5,\n2,3.5,\n", ""),
        ("whole  decimal\n1      2.5\n2      3.5\n30     4.5\n", ""),
        ("whole,decimal\r1,2.5\r2,3.5\r", ""),
        ('whole,decimal\n1, "2.5"\n2, "3.5"\n', ""),
    ],
)
def test_files_of_every_layout_are_read_alike(text: str, said: str, tmp_path: Path) -> None:
    schema = training_schema(tmp_path / "training.csv", ["whole", "decimal"])
    path = tmp_path / "rows.csv"
    path.write_bytes(text.encode())
    found = assert_read_alike(schema, path)
    if said:
        assert said in str(found)
    else:
        assert not isinstance(found, str)
    with gzip.open(tmp_path / "rows.csv.gz", "wb") as stream:
        stream.write(text.encode())
    if text:
        assert_read_alike(schema, tmp_path / "rows.csv.gz")


CHOICES = (
    {"decimal": ","}, {"thousands": "'"}, {"day_first": True}, {"separator": ";"}, {"skip_rows": 1},
    {"header": False}, {"encoding": "latin-1"},
)  # fmt: skip


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_choices_mean_the_same(choices: dict[str, Any], tmp_path: Path) -> None:
    names = ["comma", "swiss", "us day", "colour"]
    schema = training_schema(tmp_path / "training.csv", names)
    path = tmp_path / "rows.csv"
    path.write_text(rows_text(names, 30, seed=3, separator=";"), encoding="utf-8")
    assert_read_alike(schema, path, **choices)


@pytest.mark.parametrize("end", ["", "\n", '""\n', "\n\n3\n\n", " \n", '"" \n'])
def test_the_end_of_a_file_of_one_column_is_read_alike(end: str, tmp_path: Path) -> None:
    schema = training_schema(tmp_path / "training.csv", ["whole"])
    (tmp_path / "rows.csv").write_text(f"whole\n1\n2\n{end}", encoding="utf-8")
    assert_read_alike(schema, tmp_path / "rows.csv")


def test_a_file_without_polars_is_text(tmp_path: Path) -> None:
    schema = training_schema(tmp_path / "training.csv", ["whole", "decimal"])
    (tmp_path / "rows.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="holds Parquet, and without polars CSV and TSV files are read"):
        portable(schema).encode(tmp_path / "rows.parquet")


@pytest.mark.parametrize("source", [5, {"whole": 1}, [5], ["text"], [[1, 2, 3]], [{"whole": 1}]])
def test_what_is_no_table_is_refused_alike(source: Any, tmp_path: Path) -> None:
    schema = training_schema(tmp_path / "training.csv", ["whole", "decimal"])
    with pytest.raises(DataError) as expected:
        schema.encode(source)
    with pytest.raises(DataError) as found:
        portable(schema).encode(source)
    assert (found.value.message, found.value.where) == (expected.value.message, expected.value.where)
