"""The report's section on where the errors are."""

from importlib.resources import files
from typing import Any

import pytest
from html_page import Page, check_accessible, check_whole

from assay.reports.errors import errors_section
from assay.reports.errors_lane import Axis, lane
from assay.reports.numbers import MINUS

CSS = files("assay.reports").joinpath("templates", "errors.css").read_text(encoding="utf-8")
EVIL = "</style></pre><script>alert('x')</script>\"'&"


def interval(value: float | None, low: float | None, high: float | None) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high}


def errors() -> dict[str, Any]:
    """A record as `Errors.to_json` writes it."""
    found = {
        "rule": "PAY_0 >= 1",
        "columns": ["PAY_0"],
        "rows": 1353,
        "coverage": 0.2255,
        "measured": 683,
        "error": interval(0.307, 0.274, 0.34),
        "elsewhere": interval(0.14, 0.13, 0.154),
        "share": 0.393,
    }
    suspect = {"row": 12, "part": "training", "given": "1", "suggested": "0", "score": 0.02}
    return {
        "target": "default",
        "metric": "accuracy",
        "measure": "error rate",
        "rows": 6000,
        "error": interval(0.18, 0.17, 0.19),
        "slices": {"found": [found], "because": "chosen on one half"},
        "worst": {
            "rows": [{"row": 28720, "truth": "1", "predicted": "0", "loss": 4.9, "probability": 0.993}],
            "share": 0.069,
        },
        "pairs": [
            {
                "truth": "1",
                "predicted": "0",
                "rows": 852,
                "share": interval(0.642, 0.615, 0.668),
                "chance": 0.18,
            }
        ],
        "labels": {
            "suspects": [suspect],
            "rows": [12],
            "count": 1,
            "looked_at": 6000,
            "method": "confident learning",
            "are_few": True,
            "because": "0.0167 % of 6,000 rows: few enough to look at",
        },
        "importance": [
            {"column": "PAY_0", "change": interval(0.063, 0.056, 0.071), "twins": []},
            {"column": "PAY_5", "change": interval(0.0016, -0.0012, 0.0042), "twins": ["PAY_4"]},
        ],
    }


def regression_errors() -> dict[str, Any]:
    slices = errors()["slices"]["found"][0] | {"error": interval(138.2, 97.4, 180.1)}
    return errors() | {
        "measure": "RMSE",
        "metric": "rmse",
        "error": interval(96.2, 80.1, 113.5),
        "slices": {"found": [slices], "because": "chosen on one half"},
        "pairs": [],
        "worst": {
            "rows": [{"row": 5, "truth": 900.0, "predicted": 159.0, "loss": 741.0, "probability": None}],
            "share": 0.377,
        },
    }


def page(record: dict[str, Any]) -> Page:
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    head = f"<title>Errors</title>{policy}<style>{CSS}</style>"
    body = f"<main><h1>Study</h1>{errors_section(record)}</main>"
    return Page(f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>")


@pytest.mark.parametrize("record", [errors(), regression_errors()], ids=["classes", "regression"])
def test_the_section_is_whole_and_accessible(record):
    check_whole(page(record))
    check_accessible(page(record))


def test_a_slice_is_told_with_its_error_and_the_average():
    text = page(errors()).text
    assert "Of all of them 18 % are wrong (17 % to 19 % with 95 % confidence)." in text
    assert "PAY_0 >= 1 30.7 % wrong 27.4 % to 34 %" in text
    assert "22.6 % of the rows hold 39.3 % of the wrong rows: 1,353 rows, of which 683 measured this." in text
    assert "all validation rows 18 % wrong" in text
    assert "1 taken for 0 64.2 % 61.5 % to 66.8 %; 852 rows" in text
    assert "28,720 1 0 99.3 %" in text
    assert f"PAY_5 0.0016 {MINUS}0.0012 to 0.0042; shares what it says with PAY_4" in text
    assert "1 of 2 columns can be shuffled, one at a time, without a loss beyond noise." in text


def test_each_part_says_what_to_do():
    assert page(errors()).text.count("What to do:") == 5


def test_a_regression_speaks_in_the_target_unit():
    text = page(regression_errors()).text
    assert "the RMSE is 96 (80 to 113 with 95 % confidence)" in text or "the RMSE is 96 (80 to 114" in text
    assert "PAY_0 >= 1 138 97 to 180" in text
    assert "5 900 159 741" in text
    assert "37.7 % of the summed error" in text
    assert "taken for" not in text


def test_the_bar_ends_at_the_error_and_the_mark_at_the_average():
    lanes = [one.attributes for one in page(errors()).all("i") if one.attributes["class"] in {"fill", "mark"}]
    places = [one["style"] for one in lanes[:2]]
    width = float(places[0].split("--w:")[1])
    mark = float(places[1].split("--x:")[1])
    assert width / mark == pytest.approx(0.307 / 0.18, rel=0.001)


def test_no_slice_is_an_answer():
    text = page(errors() | {"slices": {"found": [], "because": "no row was wrong"}}).text
    assert "Nowhere in particular: no row was wrong." in text


def test_many_suspects_are_not_listed():
    labels = errors()["labels"] | {"count": 736, "are_few": False, "because": "12.3 %: the classes overlap"}
    shown = page(errors() | {"labels": labels})
    assert "736 rows contradict" in shown.text
    assert "What to do: nothing in bulk" in shown.text
    assert not [
        table for table in shown.all("div") if "may be wrong" in table.attributes.get("aria-label", "")
    ]


@pytest.mark.parametrize("key", errors())
@pytest.mark.parametrize("change", ["absent", "null"])
def test_any_field_may_be_missing_or_null(key, change):
    record = errors()
    if change == "null":
        record[key] = None
    else:
        del record[key]
    check_accessible(page(record))


def test_a_study_without_the_record_has_no_section():
    assert errors_section({}) == ""


def test_hostile_names_stay_text():
    record = errors()
    record["slices"]["found"][0]["rule"] = record["slices"]["because"] = EVIL
    record["importance"][1] |= {"column": EVIL, "twins": [EVIL]}
    record["pairs"][0]["truth"] = record["worst"]["rows"][0]["truth"] = EVIL
    record["labels"]["suspects"][0]["given"] = record["labels"]["because"] = EVIL
    check_whole(page(record))
    check_accessible(page(record))


def test_a_lane_without_numbers_is_empty_and_negative_bars_grow_to_the_left():
    axis = Axis.over([None, -1.0, 3.0])
    assert lane(axis, None) == {"kind": "validation"}
    start, width = map(float, lane(axis, interval(-1.0, None, None))["bar"])
    assert start + width == pytest.approx(float(axis.place(0.0)), abs=1e-3)
    assert Axis.over([]) == Axis(0.0, 1.0)
