"""The section on what was exported."""

from pathlib import Path
from typing import Any

import pytest
from example_studies import write_study
from html_page import Page, check_accessible, check_whole

from assay.core.files import write_json
from assay.reports.study_report import write_study_report

EVIL = "<script>alert('x')</script>"


def parity(**changes: Any) -> dict[str, Any]:
    """parity.json of two runtimes."""
    batches = [{"size": 1, "absolute": 2e-9, "relative": 2e-9}]
    one = {"absolute": 2.5e-8, "relative": 1.25e-8, "batches": batches, "rows": 3, "decisions": 0}
    return {
        "format": 1,
        "bundle": "abc",
        "tolerance": 1e-5,
        "relative": "the difference of two probabilities",
        "rows": {"validation": 1000, "missing": 24, "unseen": 3, "extreme": 105},
        "batch_sizes": [1, 2, 7, 1000],
        "runtimes": [
            {"name": "eager", "file": "weights.safetensors", **one},
            {"name": "onnxruntime", "file": "network.onnx", **one},
        ],
        "left_out": {},
        **changes,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    study = write_study(tmp_path / "study")
    (study / "bundle").mkdir(exist_ok=True)
    write_json(study / "bundle" / "bundle.json", {"weights": {"sha256": "abc"}})
    return study


def page_of(folder: Path, **changes: Any) -> Page:
    export = folder / "export"
    export.mkdir()
    (export / "network.onnx").write_bytes(b"x" * 216_000)
    write_json(export / "parity.json", parity(**changes))
    return Page(write_study_report(folder).read_text(encoding="utf-8"))


def test_without_an_export_there_is_no_section(folder: Path) -> None:
    page = Page(write_study_report(folder).read_text(encoding="utf-8"))
    assert "Deployments" not in page.text


def test_runtimes_stand_with_files_and_differences(folder: Path) -> None:
    page = page_of(folder)
    check_whole(page)
    check_accessible(page)
    assert (
        "1,000 validation, 24 missing, 3 unseen, 105 extreme rows, in batches of 1, 2, 7, 1,000" in page.text
    )
    assert "onnxruntime network.onnx 216,000" in page.text
    assert "eager the bundle itself, in other batches" in page.text
    assert "earlier network" not in page.text


def test_an_export_of_another_bundle_is_called_stale(folder: Path) -> None:
    assert "are of an earlier network of this study" in page_of(folder, bundle="other").text


def test_what_was_left_out_or_not_run_is_said_and_escaped(folder: Path) -> None:
    page = page_of(
        folder, left_out={"cpp": f"there is no g++ {EVIL}"}, unproved={"browser": "no Node"}, relative=EVIL
    )
    assert "cpp was left out: there is no g++" in page.text
    assert "browser was written, but not run: no Node" in page.text
    assert "alert('x')" in page.text
    assert page.all("script") == []


@pytest.mark.parametrize("broken", [[], {}, {"runtimes": None}, {"runtimes": [1, "a"]}, {"runtimes": 3}])
def test_a_record_of_another_form_leaves_its_place_empty(folder: Path, broken: Any) -> None:
    (folder / "export").mkdir()
    write_json(folder / "export" / "parity.json", broken)
    page = Page(write_study_report(folder).read_text(encoding="utf-8"))
    check_whole(page)
    check_accessible(page)
    assert "Deployments" not in page.text
