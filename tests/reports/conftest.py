"""Pages of made-up studies."""

from pathlib import Path
from typing import Any, Protocol

import pytest
from example_studies import write_study
from html_page import Page

from assay.reports.study_report import write_study_report


class Report(Protocol):
    def __call__(self, **changes: Any) -> Page: ...


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """Writes a study whose files are changed as named, and reads its report."""

    def write(**changes: Any) -> Page:
        path = write_study_report(write_study(tmp_path / "study", **changes))
        return Page(path.read_text(encoding="utf-8"))

    return write
