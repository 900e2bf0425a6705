"""Scales and the small SVG plot."""

import math

import pytest
from html_page import Page
from hypothesis import given
from hypothesis import strategies as st

from assay.reports.numbers import MINUS
from assay.reports.plot import Plot
from assay.reports.scale import Scale, tick_texts

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e150, max_value=1e150)


@given(st.lists(finite, min_size=1, max_size=20), st.booleans(), st.booleans())
def test_a_scale_holds_its_values_and_its_ticks(values, zero, log):
    scale = Scale.over(values, zero=zero, wide_is_log=log)
    assert all(-1e-9 <= scale(value) <= 1 + 1e-9 for value in values)
    ticks = scale.ticks(5)
    assert len(ticks) <= 12
    assert ticks == sorted(ticks)
    assert all(-1e-6 <= scale(tick) <= 1 + 1e-6 for tick in ticks)


def test_ticks_are_round():
    assert Scale(0, 1).ticks(4) == [0, 0.25, 0.5, 0.75, 1]
    assert Scale(1922, 2011).ticks(4) == [1925, 1950, 1975, 2000]
    assert Scale(0.002, 3, log=True).ticks() == [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]


def test_wide_positive_values_take_a_logarithmic_axis():
    assert Scale.over([0.01, 10], wide_is_log=True).log
    assert not Scale.over([0.0, 10], wide_is_log=True).log
    assert not Scale.over([1, 10], wide_is_log=True).log


def test_a_scale_of_nothing_or_of_one_value_has_room():
    for values in ([], [3], [0, 0], [None, math.nan]):
        scale = Scale.over(values)
        assert scale.low < scale.high


def test_tick_texts_share_a_unit():
    assert tick_texts([0, 5000, 10000]) == ["0", "5k", "10k"]
    assert tick_texts([0, 250_000, 1_000_000]) == ["0", "0.25M", "1M"]
    assert tick_texts([1925, 1950]) == ["1925", "1950"]
    assert tick_texts([-0.5, 0]) == [f"{MINUS}0.5", "0"]
    assert tick_texts([0, 2e-5]) == ["0", "2\N{MULTIPLICATION SIGN}10⁻⁵"]


def test_a_line_breaks_where_a_value_is_unknown():
    plot = Plot(Scale(0, 3), Scale(0, 1), label="line")
    plot.line([0, 1, 2, 3], [0, None, 0.5, 1], "train")
    path = next(path for path in Page(str(plot.markup())).all("path"))
    assert path.attributes["d"] == "M0 1000M666.7 500L1000 0"


@pytest.mark.parametrize("words", ["<b>", '" onload="x', "a & b"])
def test_words_are_escaped(words):
    plot = Plot(Scale(0, 1), Scale(0, 1), label=words)
    plot.axes(words, words)
    plot.dot(0.5, 0.5, "train", words)
    plot.text(0.5, 0.5, words, "tick")
    page = Page(str(plot.markup()))
    assert page.all("svg")[0].attributes["aria-label"] == words
    assert not page.all("b")
    assert all("onload" not in element.attributes for element in page.elements)
    assert sum(element.text == words for element in page.all("text")) == 3
