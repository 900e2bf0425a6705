"""Numbers as a person reads them."""

import math

import pytest

from assay.reports.numbers import MINUS, NOTHING, best, ends, error_name, metric_name, number, seconds, share

TIMES = "\N{MULTIPLICATION SIGN}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.28412, "0.2841"),
        (30000, "30,000"),
        (1995.0, "1995"),
        (1995, "1,995"),
        (129747.66, "129,748"),
        (-0.5, f"{MINUS}0.5"),
        (1.5e-7, f"1.5{TIMES}10⁻⁷"),
        (2.5e20, f"2.5{TIMES}10²⁰"),
        (-3e-9, f"{MINUS}3{TIMES}10⁻⁹"),
        (100.0, "100"),
        (math.nan, NOTHING),
        (math.inf, NOTHING),
        (None, NOTHING),
        (True, NOTHING),
        ("12", NOTHING),
    ],
)
def test_number(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.2212, "22.1 %"),
        (0, "0 %"),
        (1, "100 %"),
        (0.0002, "< 0.1 %"),
        (0.99999, "> 99.9 %"),
        (None, NOTHING),
    ],
)
def test_share(value, text):
    assert share(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.41, "0.4 s"),
        (12.4, "12 s"),
        (59.7, "1 min"),
        (185, "3 min 5 s"),
        (7800, "2 h 10 min"),
        (7200, "2 h"),
    ],
)
def test_seconds(value, text):
    assert seconds(value) == text


def test_ends():
    assert ends({"value": None, "low": 0, "high": 0.25}) == "0 to 0.25"
    assert ends({"low": 0.17468, "high": 0.19052}) == "0.175 to 0.191"
    assert ends({"low": -1e-9, "high": 12345.6}) == "0 to 12,346"
    assert ends({"low": 0.15, "high": 0.15}) == "0.15 to 0.15"
    assert ends({"low": None, "high": 1}) == ends(None) == ""


def test_best_is_no_finer_than_the_interval():
    assert best({"value": 0.182667, "low": 0.17468, "high": 0.19052}) == "0.183"
    assert best({"value": 94.876, "low": 88.4, "high": 101.26}) == "95"
    assert best({"value": 0.28412, "low": None, "high": None}) == "0.2841"
    assert best({"value": None, "low": 0, "high": 1}) == NOTHING


def test_names():
    assert metric_name("roc_auc") == "ROC AUC"
    assert metric_name("my_metric") == "my metric"
    assert error_name("rmse") == "RMSE"
    assert error_name("accuracy").split() == ["1", MINUS, "accuracy"]
    assert error_name("roc_auc").split() == ["1", MINUS, "ROC", "AUC"]
