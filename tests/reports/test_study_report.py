"""The page of a study."""

import time
from pathlib import Path
from typing import Any

import pytest
from example_analyses import calibration, estimated_floor, leak, ledger, mismatch_diagnosis, more_rows
from example_studies import (
    diagnosis,
    history,
    inspection,
    interval,
    metrics,
    multiclass_metrics,
    opened_split,
    regression_metrics,
    split,
    write_study,
)
from html_page import Page, check_accessible, check_whole

from assay.core.errors import BundleError
from assay.core.files import write_text
from assay.reports.numbers import MINUS, NOTHING
from assay.reports.study_report import write_study_report

EVIL = "</style></pre><script>alert('x')</script>\"'&"
FILES = {
    "metrics": metrics,
    "diagnosis": mismatch_diagnosis,
    "learning_curve": more_rows,
    "inspection": inspection,
    "split": split,
}


@pytest.mark.parametrize("make", [metrics, multiclass_metrics, regression_metrics])
def test_the_page_is_whole_and_accessible(report, make):
    page = report(metrics=make())
    check_whole(page)
    check_accessible(page)


def test_headline_verdict_and_numbers(report):
    page = report()
    assert page.all("h1")[0].text.startswith("High bias")
    assert "0.281 to 0.299 with 95 % confidence" in page.text
    assert "The training error is 0.284, 0.134 above the floor of 0.15." in page.text
    assert "ROC AUC, validation 0.781" in page.text


def test_test_numbers_stand_only_after_the_seal_was_opened(report):
    sealed = report()
    assert "600 rows; nothing was fitted to them, no error measured on them" in sealed.text
    assert "The seal is unbroken. Nothing was fitted to the test rows and no error" in sealed.text
    assert "Test error" not in sealed.text
    opened = report(metrics=regression_metrics(), split=opened_split())
    assert "Test error 63.0 60.1 to 66.2; seal opened 2 times" in opened.text
    assert "The seal was opened 2 times." in opened.text
    assert "error 63.0 (60.1 to 66.2; cluster bootstrap over 9 groups)" in opened.text


def test_openings_of_another_bundle_stay_on_the_page(report):
    openings = [{"at": "2026-03-01T10:00:00+00:00", "bundle": "ab" * 32}]
    page = report(split=split() | {"seal": {"opened": openings}})
    assert "The seal was opened once." in page.text
    assert "2026-03-01" in page.text
    assert "Test rows opened once not yet measured for this network" in page.text
    assert "sealed" not in page.text


def test_the_state_of_the_seal_is_that_of_the_split(report):
    elsewhere = {"opened": [{"at": "2026-03-01T10:00:00+00:00", "bundle": "ab" * 32}]}
    page = report(metrics=metrics() | {"seal": elsewhere})
    assert "The seal is unbroken." in page.text
    assert "2026-03-01" not in page.text


def test_the_page_says_how_the_intervals_were_made(report):
    assert "1,800 training rows and 600 validation rows (bootstrap over rows)." in report().text
    drawn = {"train": "blocks of 12 consecutive rows", "validation": "blocks of 9 consecutive rows"}
    page = report(diagnosis=diagnosis() | {"bootstrap": drawn})
    assert "1,800 training rows (blocks of 12 consecutive rows) and 600 validation rows" in page.text
    assert "600 validation rows (blocks of 9 consecutive rows)." in page.text


def test_everything_that_a_study_holds_is_told(report):
    text = report().text
    for told in (
        "'AGE' has no value in 420 of 3,000 rows",  # findings
        "6 times: More than 5 % beyond three standard deviations",
        "Stratified: each part has 22 % of class 1.",  # split
        "0f0f0f0f0f0f0f0f",
        "codes without an order",  # preparation
        "linear 22 to 128",  # network
        "19,586",
        "18,000 training rows carry two layers",
        "no better validation loss for 20 epochs",  # training
        "the best: 20",
        "63.6 %",  # confusion
        "larger network The training error is far above",
        'target = "default payment next month"',  # recipe
        "torch 2.14.1",
    ):
        assert told in text, told


def test_pictures_of_each_task(report):
    def pictures(page: Page) -> str:
        return " ".join(svg.attributes.get("aria-label", "") for svg in page.all("svg"))

    binary = pictures(report())
    assert (
        "floor 0.15, training error 0.2840, bias 0.134, which is to blame, validation error 0.290" in binary
    )
    assert "Best validation loss" in binary
    assert "Learning rate by epoch" in binary
    assert "ROC curve" in binary
    assert "Reliability diagram of 10 bins" in binary
    regression = pictures(report(metrics=regression_metrics()))
    assert "200 rows" in regression
    assert "Histogram of the residuals" in regression
    assert "Residuals by prediction" in regression
    assert "ROC" not in regression


def test_same_steps_of_several_columns_are_one_row(report):
    (row,) = [row for row in report().all("tr") if "standardised" in row.text]
    assert "BILL_AMT1" in row.text
    assert "BILL_AMT2" in row.text


def test_hostile_names_stay_text(report):
    hostile = inspection(2, target=EVIL) | {"name": EVIL, "notes": [EVIL]}
    hostile["columns"][0]["name"] = hostile["columns"][0]["why"] = EVIL
    hostile["columns"][-1]["top"] = [{"value": EVIL, "count": 3, "share": 0.1}]
    hostile["findings"][0]["message"] = EVIL
    measured = metrics() | {"labels": ["0", EVIL], "stopped": EVIL}
    measured["curves"]["roc"][0]["label"] = EVIL
    measured["made"]["preparation"][0]["column"] = EVIL
    measured["made"]["reasons"] = {EVIL: EVIL}
    judged = diagnosis() | {"because": EVIL, "verdict": EVIL, "missing": EVIL}
    page = report(inspection=hostile, metrics=measured, diagnosis=judged, recipe=EVIL)
    check_whole(page)
    check_accessible(page)
    assert page.all("h1")[0].text == EVIL
    assert page.all("pre")[0].text == EVIL


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("value", [None, "absent"])
def test_any_field_may_be_missing_or_null(report, name, value):
    for key in FILES[name]():
        content = FILES[name]()
        if value is None:
            content[key] = None
        else:
            del content[key]
        check_accessible(report(**{name: content}))


def test_metrics_may_be_null(report):
    measured: dict[str, Any] = metrics()
    measured["validation"] = dict.fromkeys(measured["validation"])
    row = next(row for row in report(metrics=measured).all("tr") if "ROC AUC" in row.text)
    assert row.text.split() == ["ROC", "AUC", "↑", "0.7812", NOTHING, "sealed"]


def test_a_bare_study_has_a_page(tmp_path):
    write_text(tmp_path / "metrics.json", "{}")
    page = Page(write_study_report(tmp_path).read_text(encoding="utf-8"))
    check_whole(page)
    check_accessible(page)
    assert "There is no diagnosis yet." in page.text


def test_an_unknown_floor_is_drawn_as_unknown(report):
    unknown = diagnosis() | {
        "floor": {**interval(None, 0.0, 0.299), "methods": ["validation error"]},
        "bias": interval(None, -0.01, 0.289),
        "verdict": "undecided",
        "missing": "a floor: well below 0.27 the verdict is high bias",
    }
    page = report(diagnosis=unknown)
    assert "somewhere in 0 to 0.30" in page.text
    assert "bias unknown: no floor" in page.text
    bars = [bar.attributes["class"] for bar in page.all("rect")]
    assert "unknown" in bars
    assert not [kind for kind in bars if "bias" in kind]
    assert [bar for bar in report().all("rect") if "bias" in bar.attributes["class"]]
    assert "What would decide it: a floor" in page.text
    assert [bar for bar in page.all("rect") if bar.attributes["class"] == "unknown"]


def test_a_validation_error_below_the_training_error_shrinks(report):
    page = report(
        diagnosis=diagnosis() | {"validation_error": 0.25, "variance": interval(-0.034, -0.05, -0.01)}
    )
    shrinks = [bar for bar in page.all("rect") if "shrinks" in bar.attributes["class"]]
    assert len(shrinks) == 1


@pytest.mark.parametrize(
    "records", [[], history(1), [{"epoch": 1, "train_loss": None, "learning_rate": None}]]
)
def test_short_and_empty_histories(report, records):
    page = report(history=records, metrics=metrics() | {"best_epoch": len(records)})
    check_accessible(page)


def test_one_epoch_is_a_dot_and_no_best_epoch_has_no_mark(report):
    dots = [dot for dot in report(history=history(1)).all("circle") if "epoch 1" in dot.text]
    assert len(dots) == 2
    never_better = report(metrics=metrics() | {"best_epoch": 0})
    assert "none was better than the start" in never_better.text


def test_a_long_history_stays_small(tmp_path):
    long = write_study_report(write_study(tmp_path, history=history(20_000))).stat().st_size
    assert long < 200_000


def test_many_classes_are_told_as_pairs(report):
    counts = [[5] * 15 for _ in range(15)]
    counts[3][4] = 50
    labels = [f"kind {index}" for index in range(15)]
    page = report(metrics=multiclass_metrics() | {"confusion": counts, "labels": labels})
    assert "kind 3 taken for kind 4: 50 rows, 41.7 % of all kind 3" in page.text
    assert not [table for table in page.all("table") if "confusion" in table.attributes.get("class", "")]


def test_91_columns_are_fast_and_light(tmp_path):
    folder = write_study(tmp_path, inspection=inspection(88))
    start = time.perf_counter()
    path = write_study_report(folder)
    assert time.perf_counter() - start < 2
    assert path.stat().st_size < 1_500_000


def test_without_metrics_there_is_no_page(tmp_path):
    with pytest.raises(BundleError, match=r"metrics\.json"):
        write_study_report(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_damaged_file_leaves_the_old_page(tmp_path: Path):
    path = write_study_report(write_study(tmp_path))
    before = path.read_bytes()
    write_text(tmp_path / "split.json", '{"method": ')
    with pytest.raises(BundleError, match="line 1"):
        write_study_report(tmp_path)
    assert path.read_bytes() == before


def _bars(page: Page, kind: str) -> list[str]:
    return [bar.attributes["class"] for bar in page.all("rect") if kind in bar.attributes["class"].split()]


def test_the_verdict_and_its_picture_stand_before_everything_else(report):
    page = report(diagnosis=mismatch_diagnosis())
    text = page.text
    order = [
        "Mismatch:",
        "work on this: ■ mismatch 24",
        "What to do",
        "Where the error comes from",
        "How good it is",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)


@pytest.mark.parametrize(
    ("verdict", "gap"), [("high bias", "bias"), ("high variance", "variance"), ("mismatch", "mismatch")]
)
def test_the_gap_to_blame_stands_out_alone(report, verdict, gap):
    page = report(diagnosis=mismatch_diagnosis() | {"verdict": verdict})
    assert _bars(page, "blamed") == [f"{gap} blamed"]
    assert len(_bars(page, "pale")) == 2
    assert "which is to blame" in page.all("svg")[1].attributes["aria-label"]


def test_nothing_stands_out_where_nothing_is_to_blame(report):
    page = report(diagnosis=diagnosis() | {"verdict": "at the floor"})
    assert not _bars(page, "blamed")
    assert not _bars(page, "pale")
    assert "work on this" not in page.text


def test_an_estimated_floor_is_a_band_with_its_methods(report):
    page = report(diagnosis=diagnosis() | {"floor": estimated_floor()})
    check_accessible(page)
    assert _bars(page, "band")
    assert "The lowest reachable error is about 0.149 (0.131 to 0.167), from nearest neighbours" in page.text
    assert "The methods agree." in page.text
    assert "equal rows: at least 0.0008." in page.text
    assert "reference model: at most 0.187." in page.text
    assert "broken method: says nothing here" in page.text


def test_the_ledger_is_told_and_drawn(report):
    page = report(ledger=ledger(), improvement={"ended": "nothing helps beyond noise"})
    check_whole(page)
    check_accessible(page)
    assert (
        "3 remedies were trained in full and compared; kept: numerical embeddings; 1 more left out"
        in page.text
    )
    assert "It stopped because nothing helps beyond noise." in page.text
    kinds = [bar.split()[1] for bar in _bars(page, "limb")]
    assert kinds == ["floor", "good", "bad"]
    assert f"{MINUS}0.0031 ({MINUS}0.0055 to {MINUS}0.0008)" in page.text
    assert "no: left out after a short training" in page.text


def test_a_ledger_of_the_contract_alone_is_enough(report):
    (line, *_) = ledger()
    bare = {
        name: line[name]
        for name in ("remedy", "because", "parent", "run", "before", "after", "effect", "kept")
    }
    assert "wider network" in report(ledger=[bare]).text


def test_why_nothing_was_tried(report):
    assert (
        "No remedy was tried: no rounds were asked for."
        in report(improvement={"ended": "no rounds were asked for"}).text
    )


def test_what_more_rows_would_buy(report):
    page = report(learning_curve=more_rows())
    check_accessible(page)
    assert "4 times the rows (72,000) would buy about 0.0013" in page.text
    pictures = " ".join(svg.attributes.get("aria-label", "") for svg in page.all("svg"))
    assert "Learning curve. 2,250 rows: training 0.177, validation 0.188" in pictures
    short = more_rows() | {
        "points": more_rows()["points"][:1],
        "curve": [],
        "because": "The curve is too short.",
    }
    assert "The curve is too short." in report(learning_curve=short).text


def test_leaks_stand_at_the_top_and_in_full(report):
    page = report(diagnosis=diagnosis() | {"leaks": [leak()]})
    check_accessible(page)
    head = page.all("header")[0].text
    assert "A leak makes these numbers look better than they are." in head
    assert "It lifts the score by 0.07." in page.text
    harmless = leak() | {"inflation": -0.0015}
    assert "It lifts the score" not in report(diagnosis=diagnosis() | {"leaks": [harmless]}).text
    assert "Validation rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2,627 more." in page.text
    old = {"code": "L101", "message": "rows stand in both parts", "rows": [], "inflation": None}
    assert (
        "Rows stand in both parts."
        in report(diagnosis=diagnosis() | {"leaks": [old, old]}).all("header")[0].text
    )


def test_calibration_before_and_after(report):
    page = report(metrics=metrics() | {"calibration": calibration()})
    assert "The calibration error is 0.021 as the network says it and 0.0084 calibrated" in page.text
    assert "(temperature 1.23)" in page.text
    assert "The second class is the answer from a probability of 0.3 on." in page.text
    assert "Calibration 0" not in report(metrics=metrics() | {"calibration": {}}).text


def test_where_the_errors_are_has_its_place(report):
    page = report(errors={"rows": 600, "measure": "error rate", "error": interval(0.29, 0.28, 0.3)})
    check_accessible(page)
    assert "Where the errors are" in page.text
    assert "#where" in [link.attributes["href"] for link in page.all("a")]
