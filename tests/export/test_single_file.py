"""One file of definitions and all that they need."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from assay.export.single_file import single_file


def run(text: str) -> dict[str, Any]:
    """The names that the file defines."""
    module = ModuleType("made_of_parts")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    try:
        exec(compile(text, "made_of_parts.py", "exec"), vars(module))
    finally:
        del sys.modules[module.__name__]
    return vars(module)


def test_a_definition_brings_what_it_needs_and_no_more() -> None:
    text = single_file(["assay.core.errors:BundleError"], "Errors.", "made = BundleError('x', hint='y')")
    names = run(text)
    assert str(names["made"]) == "x (y)"
    assert {"AssayError", "InputError", "BundleError"} <= names.keys()
    assert "DataError" not in names
    assert "did_you_mean" not in names
    assert names["__doc__"] == "Errors."


def test_constants_stand_before_those_who_need_them() -> None:
    names = run(single_file(["assay.data.reading.cells:is_number"], "Numbers.", ""))
    assert names["is_number"]("1,234.5")
    assert not names["is_number"]("twelve")


def test_names_that_stand_in_several_modules_are_told_apart() -> None:
    roots = ["assay.data.reading.encoding:open_text", "assay.data.images.headers:Header"]
    roots += ["assay.data.reading.header:Header", "assay.data.reading.formats:file_format"]
    names = run(single_file(roots, "Both.", ""))
    fields = [set(value.__dataclass_fields__) for name, value in names.items() if name.endswith("Header")]
    assert sorted(map(len, fields)) == [4, 7]
    assert isinstance(names["_HEAD"], int)


def test_annotations_bring_libraries_that_are_allowed_and_no_others() -> None:
    names = run(single_file(["assay.data.reading.units:bare_cell"], "Units.", ""))
    assert names["bare_cell"]("-$5") == "-5"
    assert "pl" not in names


@pytest.mark.parametrize(
    ("root", "said"),
    [
        ("assay.data.reading.epochs:numbered_dates", "needs polars, which the file must do without"),
        ("assay.data.reading.reader:_read_images", "is imported inside of a definition"),
        ("assay.data.images.fitting:fitted", "needs torch.nn, which the file must do without"),
        ("assay.core.errors:Absent", "defines no Absent"),
    ],
)
def test_what_the_file_must_do_without_is_refused(root: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        single_file([root], "None.", "")
