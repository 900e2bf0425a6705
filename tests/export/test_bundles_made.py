"""The bundles that the tests of exports share are what they are said to be."""

from collections.abc import Callable

import numpy as np

from assay.bundle.bundle import Bundle
from assay.data.column import Kind
from assay.data.schema import Schema


def test_every_bundle_answers_its_rows(
    bundle: Bundle, name: str, raw_rows: Callable[[str], np.ndarray]
) -> None:
    output = bundle.outputs(raw_rows(name))
    assert len(np.unique(output.round(12), axis=0)) > 30, "the rows' answers differ"
    assert output.shape == ((60, len(bundle.labels)) if bundle.labels else (60,))


def test_a_table_has_columns_of_every_kind_with_their_spelling(bundles: dict[str, Bundle]) -> None:
    schema = bundles["binary"].schema
    assert isinstance(schema, Schema)
    assert {column.kind for column in schema.columns} == {
        Kind.QUANTITATIVE, Kind.ORDINAL, Kind.QUALITATIVE, Kind.BOOLEAN, Kind.DATE
    }  # fmt: skip
    assert {column.dtype for column in schema.columns} == {
        "integer", "number", "text", "boolean", "date", "datetime"
    }  # fmt: skip
    assert all(column.spelling is not None for column in schema.columns)
    assert bundles["binary"].decision.threshold == 0.4
