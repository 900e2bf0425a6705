"""What the command says of a diagnosis."""

import io

import pytest
from rich.console import Console

from assay.cli import summary

RECORD = {
    "metric": "accuracy",
    "floor": {"value": 0.15, "low": 0.15, "high": 0.15, "methods": ["given"]},
    "train_error": 0.284,
    "validation_error": 0.29,
    "bias": {"value": 0.134, "low": 0.129, "high": 0.139},
    "variance": {"value": 0.006, "low": -0.004, "high": 0.016},
    "mismatch": None,
    "verdict": "high bias",
    "because": "The training error is [0.284].",
    "missing": "",
    "leaks": [{"code": "L101", "message": "rows stand in both parts"}],
    "remedies": [{"name": "wider network", "because": "more units"}],
}


@pytest.fixture
def said(monkeypatch):
    """Prints RECORD to a console of a kind, and answers with what came out."""

    def say(encoding: str = "utf-8", **kind) -> str:
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(summary, "results", lambda: Console(file=stream, highlight=False, **kind))
        summary.print_diagnosis(RECORD)
        stream.flush()
        return stream.buffer.getvalue().decode(encoding)

    return say


def test_verdict_first_then_the_picture_then_what_to_do(said):
    text = said()
    order = [
        "High bias:",
        "Floor 0.15",
        "bias 0.134",
        "The training error is [0.284].",
        "leak L101",
        "try wider network",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)


def test_a_pipe_gets_no_colours_and_80_columns(said):
    text = said()
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_colours_on_a_terminal_but_not_where_nobody_wants_them(said, monkeypatch):
    assert "\x1b[1;34m" in said(force_terminal=True, width=80, color_system="standard")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "34m" not in said(force_terminal=True, width=80)


def test_a_terminal_without_unicode(said):
    assert "###" in said(encoding="ascii")
