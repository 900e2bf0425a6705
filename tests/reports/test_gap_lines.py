"""The gaps picture of the terminal."""

import pytest
from example_analyses import estimated_floor, mismatch_diagnosis
from example_studies import diagnosis, interval

from assay.reports.gap_lines import gap_lines


def plain(record: dict, **options) -> list[str]:
    return ["".join(text for text, _ in line) for line in gap_lines(record, **options)]


def test_the_stairs_of_a_high_bias():
    lines = plain(diagnosis(), width=60)
    assert lines[0].startswith("Floor 0.15")
    assert lines[2].endswith("work on this: bias 0.134")
    assert lines[4].endswith("variance 0.006")
    floor, train, validation = lines[1], lines[3], lines[5]
    assert set(floor) == {"▓"}
    assert train.startswith("░" * len(floor) + "█")  # the bias begins where the floor ends
    assert validation.startswith("░" * (train.rstrip("├─┼┤").count("░") + train.count("█") - 1))
    assert "█" not in floor + validation  # one gap alone is to blame


def test_bars_are_as_long_as_errors():
    lines = plain(diagnosis() | {"intervals": {}}, width=100)
    scale = 0.29 * 1.06
    assert len(lines[1]) == round(100 * 0.15 / scale)
    assert len(lines[3]) == round(100 * 0.284 / scale)
    assert len(lines[5]) == round(100 * 0.29 / scale)


@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize(
    "record", [diagnosis(), mismatch_diagnosis(), diagnosis() | {"floor": estimated_floor()}]
)
def test_no_line_is_wider_than_the_terminal(record, width):
    lines = plain(record, width=width)
    assert max(map(len, lines)) <= max(width, len(lines[-1]))
    assert "variance" in "".join(lines)


def test_a_terminal_without_unicode_gets_ascii():
    lines = plain(mismatch_diagnosis(), ascii_only=True)
    assert all(line.isascii() for line in lines)
    assert "#" in lines[7]
    assert "[" in lines[7]
    assert ":" in lines[1]


def test_kinds_name_the_gaps_for_colours():
    kinds = {kind for line in gap_lines(mismatch_diagnosis()) for _, kind in line}
    assert {"bias", "variance", "mismatch blamed", "below", "floor", "unknown"} <= kinds
    assert "bias blamed" not in kinds


def test_without_a_floor_no_bias_is_drawn():
    unknown = diagnosis() | {
        "floor": {**interval(None, 0.0, 0.299), "methods": ["validation error"]},
        "bias": interval(None, -0.01, 0.289),
        "verdict": "undecided",
    }
    lines = gap_lines(unknown)
    assert "somewhere in 0 to 0.30" in "".join(text for text, _ in lines[0])
    assert "bias not known" in "".join(text for text, _ in lines[2])
    assert {kind.split(" ")[0] for _, kind in lines[3]} <= {"unknown", "value"}


def test_an_error_below_the_step_before_is_marked_as_less():
    easier = diagnosis() | {
        "validation_error": 0.2,
        "variance": interval(-0.084, -0.09, -0.07),
        "intervals": {},
    }
    assert "╌" in plain(easier)[5]


@pytest.mark.parametrize("name", list(mismatch_diagnosis()))
@pytest.mark.parametrize("value", [None, "absent"])
def test_any_field_may_be_missing_or_null(name, value):
    record = mismatch_diagnosis()
    if value is None:
        record[name] = None
    else:
        del record[name]
    assert gap_lines(record)


def test_no_errors_no_picture():
    assert gap_lines({}) == []
    assert gap_lines({"metric": "accuracy", "floor": interval(0.1, 0.1, 0.1)}) == []
