import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from inspection_tables import table

from assay.core.errors import DataError, RecipeError
from assay.core.files import to_json
from assay.core.task import Task
from assay.data.column import Kind, Role
from assay.data.inspection import inspect
from assay.data.inspection.codes import CODES, Level

PAGES = Path(__file__).resolve().parents[2] / "docs" / "findings"
N = 1000


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def all_sorts():
    """A table with every fault that a column can have."""
    rng = np.random.default_rng(0)
    y = np.where(rng.random(N) < 0.1, "yes", "no")
    x = rng.normal(size=N)
    outlying = x.copy()
    outlying[: N // 16] = 100.0
    return table(
        {
            "key": np.arange(N),
            "x": x,
            "same": x,
            "gaps": [None if index < 100 else float(value) for index, value in enumerate(rng.normal(size=N))],
            "holes": [
                None if index < 700 else float(value) for index, value in enumerate(rng.normal(size=N))
            ],
            "outlying": outlying,
            "boundless": np.append([np.inf], rng.normal(size=N - 1)),
            "stand_in": np.append(rng.random(N - 9), [-999.0] * 9),
            "one": np.ones(N),
            "nearly": np.append([5.0], np.zeros(N - 1)),
            "sex": rng.integers(1, 3, N),
            "school": np.append(["university", "none"], rng.choice(["high", "low"], N - 2)),
            "town": [f"town {number % 90}" for number in rng.permutation(N)],
            "remark": [f"remark number {number}" for number in range(N)],
            "label": np.where(y == "yes", "J", "N"),
            "unused": [None] * N,
            "y": y,
        },
        target="y",
        task=Task.BINARY,
        kinds={
            "key": Kind.IDENTIFIER,
            "one": Kind.CONSTANT,
            "sex": Kind.QUALITATIVE,
            "remark": Kind.TEXT,
            "unused": Kind.CONSTANT,
        },
        roles={"unused": Role.IGNORED},
        codes=("sex",),
    )


def test_every_fault_is_found_once_and_the_gravest_stands_first():
    findings = inspect(all_sorts()).findings
    assert {(finding.code, finding.column) for finding in findings} == {
        ("A401", "label"),
        ("A102", "holes"),
        ("A101", "gaps"),
        ("A105", "boundless"),
        ("A106", "stand_in"),
        ("A403", None),
        ("A301", "same"),
        ("A103", "outlying"),
        ("A111", "sex"),
        ("A112", "school"),
        ("A113", "town"),
        ("A109", "key"),
        ("A107", "one"),
        ("A108", "nearly"),
        ("A110", "remark"),
    }
    levels = [CODES[finding.code].level for finding in findings]
    assert levels == sorted(levels, reverse=True)
    assert findings[0].code == "A401"


def test_messages_carry_the_numbers():
    messages = {finding.code: finding.message for finding in inspect(all_sorts()).findings}
    assert "100 of 1,000 rows (10 %)" in messages["A101"]
    assert "6.2 %" in messages["A103"]
    assert "-999 in 9 rows (0.9 %)" in messages["A106"]
    assert "2 different whole numbers (1, 2)" in messages["A111"]
    assert "none (1)" in messages["A112"] and "university (1)" in messages["A112"]


@pytest.mark.parametrize(("missing", "code"), [(50, None), (51, "A101"), (500, "A101"), (501, "A102")])
def test_the_five_percent_rule(missing, code, rng):
    values = [None] * missing + list(rng.random(N - missing))
    codes = [finding.code for finding in inspect(table({"x": values, "z": rng.random(N)})).findings]
    assert codes == ([code] if code else [])


def test_tied_columns_by_weight(rng):
    half, tenth = [None] * 400 + [1.0, 2.0] * 300, [None] * 100 + [1.0, 2.0] * 450
    findings = inspect(table({"tenth": tenth, "half": half, "z": rng.random(N)})).findings
    assert [finding.column for finding in findings if finding.code == "A101"] == ["half", "tenth"]


def test_a_clean_table_has_no_findings(rng):
    made = table({"a": rng.random(N), "b": rng.random(N), "y": rng.random(N)}, "y", Task.REGRESSION)
    assert inspect(made).findings == ()


def test_json_has_what_the_contract_names():
    record = json.loads(to_json(inspect(all_sorts()).to_json()))
    assert (record["rows"], record["task"], record["target"]) == (N, "binary", "y")
    assert [column["name"] for column in record["columns"]] == all_sorts().frame.columns
    gaps = next(column for column in record["columns"] if column["name"] == "gaps")
    assert gaps["kind"] == "quantitative"
    assert gaps["missing"] == {"count": 100, "share": 0.1}
    assert 0 <= gaps["outliers"]["three_sigma"] < 0.02
    assert gaps["outliers"]["percentile"] == pytest.approx(0.02, abs=0.003)
    assert gaps["unique"] == 900
    assert set(record["classes"]) == {"no", "yes"}
    assert sum(group["share"] for group in record["classes"].values()) == pytest.approx(1)
    assert set(record["findings"][0]) == {"code", "column", "message", "advice", "title", "level"}
    assert record["target_summary"]["name"] == "y"
    assert record["correlation"]["names"][:2] == ["x", "same"]
    assert not {"key", "one", "unused"} & set(record["correlation"]["names"])
    label = next(column for column in record["columns"] if column["name"] == "label")
    assert label["alone"]["score"] == 1.0
    assert {item["value"] for item in label["top"]} == {"J", "N"}


def test_text_has_no_numbers_in_json():
    column = inspect(all_sorts()).to_json()["columns"][-1]
    assert column["outliers"]["three_sigma"] is None
    assert column["mean"] is None
    assert column["quantiles"] is None


def test_whole_numbers_are_written_without_a_point():
    made = table({"x": [1.0, None] * 50, "c": [1.0] * 99 + [7.0], "y": [0.0, 1.0] * 50}, "y", Task.BINARY)
    record = inspect(made).to_json()
    assert set(record["classes"]) == {"0", "1"}
    assert '"value": 7,' in to_json(record["columns"][1]["top"])


def test_many_codes_are_counted_in_full():
    made = table({"zip": range(10_000, 11_000)}, kinds={"zip": Kind.QUALITATIVE}, codes=("zip",))
    message = next(finding.message for finding in inspect(made).findings if finding.code == "A111")
    assert "10005 and 994 more" in message


def test_a_date_that_hardly_changes_is_named_as_a_date():
    days = [date(2020, 1, 1)] * 999 + [date(2020, 2, 1)]
    messages = [finding.message for finding in inspect(table({"day": days, "x": range(1000)})).findings]
    assert "'day' is '2020-01-01' in 99.9 % of its rows" in messages


def test_muted_codes_are_left_out_and_unknown_ones_refused():
    assert "A101" not in [finding.code for finding in inspect(all_sorts(), muted=["A101"]).findings]
    with pytest.raises(RecipeError, match=r"'a101' is no code.*did you mean 'A101'"):
        inspect(table({"x": [1.0]}), muted=["a101"])


def test_an_empty_table_is_refused():
    with pytest.raises(DataError, match="no row to inspect"):
        inspect(table({"x": pl.Series([], dtype=pl.Float64)}))
    with pytest.raises(DataError, match="no column to inspect"):
        inspect(table({}))


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_tiny_tables(rows):
    made = table(
        {"x": [1.0, None, 3.0][:rows], "t": ["a", None, "b"][:rows], "y": [0, 1, 1][:rows]}, "y", Task.BINARY
    )
    inspection = inspect(made)
    assert inspection.rows == rows
    assert to_json(inspection.to_json())


def test_a_sealed_target_is_not_needed(rng):
    y = [float(value) for value in rng.random(400)] + [None] * 100
    inspection = inspect(table({"x": rng.random(500), "y": y}, "y", Task.REGRESSION))
    assert inspection.to_json()["target_summary"]["missing"]["count"] == 100


def test_a_large_table_is_sampled_for_relations_only(rng):
    x = rng.random(60_000)
    inspection = inspect(table({"x": x, "copy": x, "y": x + rng.random(60_000)}, "y", Task.REGRESSION))
    assert inspection.rows == 60_000
    assert sum(inspection.profiles[0].numbers.histogram.counts) == 60_000
    assert [finding.code for finding in inspection.findings] == ["A301"]


def test_the_notebook_view_escapes_names(rng):
    html = inspect(
        table({"<b>x</b>": rng.random(N), "y": rng.choice(["&", "<"], N)}, "y", Task.BINARY)
    )._repr_html_()
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<b>x</b>" not in html
    assert "&amp;" in html


def test_each_code_has_a_page_and_each_page_a_code():
    pages = {page.stem for page in PAGES.glob("[AI]*.md")}
    assert pages == set(CODES)
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    for code in CODES.values():
        page = (PAGES / f"{code.code}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {code.code}: {code.title}\n\nLevel: {code.level.name.lower()}.\n")
        assert "## What to do" in page
        assert f"| [{code.code}]({code.code}.md) | {code.level.name.lower()} | {code.title} |" in index


def test_registry():
    assert all(name == code.code and code.title for name, code in CODES.items())
    assert {code.level for code in CODES.values()} == set(Level)
