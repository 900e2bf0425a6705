"""The page of an inspection."""

import time

import pytest
from example_studies import column, inspection
from html_page import Page, check_accessible, check_whole

from assay.reports.inspection_report import write_inspection_report
from assay.reports.numbers import MINUS

EVIL = "<script>alert('x')</script>\"'&"


def page_of(record: dict, folder) -> Page:
    return Page(write_inspection_report(record, folder / "page.html").read_text(encoding="utf-8"))


def test_the_page_is_whole_and_accessible(tmp_path):
    page = page_of(inspection(), tmp_path)
    check_whole(page)
    check_accessible(page)


def test_everything_found_is_told(tmp_path):
    text = page_of(inspection() | {"duplicates": {"rows": 35, "share": 0.0117}}, tmp_path).text
    for told in (
        "3,000 rows, 10 columns, 7 findings.",
        "Choose how to fill it, or drop the column.",
        "6 times: More than 5 % beyond three standard deviations.",
        "And 1 more: BILL_AMT6.",
        "The header was found at line 2.",
        "2,336 (77.9 %)",
        "2016-01-11 17:00:00",
        "420 (14 %)",
        "all others",
        "35 1.2 %",
    ):
        assert told in text, told


def test_the_five_percent_rule_is_shown(tmp_path):
    warned = [
        fact.text
        for fact in page_of(inspection(), tmp_path).all("dd")
        if fact.attributes.get("class") == "warn"
    ]
    assert warned == ["420 (14 %)"]


def test_the_strongest_pair_is_in_words_and_in_the_table(tmp_path):
    record = inspection(1)
    record["correlation"] = {
        "names": ["a", "b", "c"],
        "matrix": [[1, 0.2, None], [0.2, 1, -0.9], [None, -0.9, 1]],
    }
    page = page_of(record, tmp_path)
    picture = next(svg for svg in page.all("svg") if "Correlations" in svg.attributes.get("aria-label", ""))
    assert f"The strongest is {MINUS}0.9, between b and c" in picture.attributes["aria-label"]
    first = next(row for row in page.all("tr") if f"{MINUS}0.9" in row.text)
    assert first.text.split() == ["b", "c", f"{MINUS}0.9"]


def test_hostile_names_stay_text(tmp_path):
    record = inspection(3, target=EVIL) | {"name": EVIL, "notes": [EVIL], "task": EVIL}
    record["classes"] = {EVIL: {"count": 3, "share": 0.5}}
    record["columns"] = [
        column(EVIL),
        column(EVIL, "qualitative", why=EVIL, top=[{"value": EVIL, "count": 1}]),
    ]
    record["findings"] = [{"code": EVIL, "column": EVIL, "message": EVIL, "advice": EVIL, "level": EVIL}]
    record["correlation"]["names"] = [EVIL] * len(record["correlation"]["names"])
    page = page_of(record, tmp_path)
    check_whole(page)
    check_accessible(page)
    assert page.all("h3")[0].text == EVIL


@pytest.mark.parametrize("value", [None, "absent"])
def test_any_field_may_be_missing_or_null(tmp_path, value):
    for key in inspection():
        record = inspection()
        if value is None:
            record[key] = None
        else:
            del record[key]
        check_accessible(page_of(record, tmp_path))
    for key in column("x"):
        record = inspection(1)
        if value is None:
            record["columns"][0][key] = None
        else:
            del record["columns"][0][key]
        check_accessible(page_of(record, tmp_path))


def test_numbers_that_are_not_finite_are_dashes(tmp_path):
    nan = float("nan")
    record = inspection(1)
    record["columns"][0] |= {
        "mean": nan,
        "histogram": {"counts": [1, nan], "edges": [0.0, 1.0, float("inf")]},
    }
    record["correlation"]["matrix"] = [[nan] * len(row) for row in record["correlation"]["matrix"]]
    page = page_of(record, tmp_path)
    check_accessible(page)
    assert "nan" not in page.source.lower()


def test_91_columns_are_fast_and_light(tmp_path):
    record = inspection(88)
    start = time.perf_counter()
    path = write_inspection_report(record, tmp_path / "page.html")
    assert time.perf_counter() - start < 2
    assert path.stat().st_size < 1_500_000
