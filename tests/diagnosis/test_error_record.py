"""The record of where the errors are, and what the terminal shows of it."""

import json
import subprocess
import sys

import numpy as np
import pytest
from error_tables import binary, regression, table

import assay
from assay.core.errors import BundleError, DataError, RecipeError
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.data.table import Table
from assay.diagnosis.errors import Errors, find_errors


def some_errors(num_rows: int = 1_500) -> Errors:
    rng = np.random.default_rng(0)
    rows = table(rng, num_rows)
    hard = rows.frame["city"].is_in(["b", "d"]).to_numpy()
    p = binary(rng.random(num_rows) < np.where(hard, 0.5, 0.1), rng)

    def same(given: Table) -> Predictions:
        return p

    return find_errors(p, rows, train=p, predict=same, metric="accuracy")


def test_everything_is_found_and_comes_back():
    found = some_errors()
    assert found.measure == "error rate"
    assert found.target == "y"
    assert found.error.value == pytest.approx(0.18, abs=0.03)
    assert [one.rule for one in found.slices.found] == ["city in b, d"]
    assert found.worst.rows
    assert found.labels.looked_at == 3_000
    assert len(found.importance) == 3
    assert Errors.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_the_lines_of_a_classifier():
    lines = some_errors().lines()
    assert lines[0].startswith("errors concentrate where city in b, d: 5")
    assert "of the rows, " in lines[0]
    assert any(line.startswith("worst: row ") for line in lines)
    assert len(lines) <= 6
    assert all(len(line) < 200 for line in lines)


def test_the_lines_of_a_regression():
    rng = np.random.default_rng(1)
    residual = rng.normal(size=600)
    residual[4] = 50.0
    found = find_errors(regression(residual, rng), table(rng, 600, Task.REGRESSION), metric="r2")
    assert found.measure == "RMSE"
    assert found.pairs == ()
    lines = found.lines()
    assert lines[0].startswith("errors concentrate nowhere: ")
    assert "row 5 (true" in lines[1]
    assert lines[2].startswith("targets that may be wrong: 0.167 % of 600 rows: few enough")


def test_a_damaged_record():
    record = some_errors(300).to_json()
    for key in record:
        with pytest.raises(BundleError, match="damaged"):
            Errors.from_json({name: value for name, value in record.items() if name != key})
    with pytest.raises(BundleError, match="damaged"):
        Errors.from_json(record | {"slices": None})


def test_other_rows_and_metrics_are_refused():
    rng = np.random.default_rng(0)
    p = binary(np.zeros(10, bool), rng)
    with pytest.raises(DataError, match="the table has 9 rows, and there are 10 predictions"):
        find_errors(p, table(rng, 9), metric="accuracy")
    with pytest.raises(RecipeError, match="rmse"):
        find_errors(p, table(rng, 10), metric="rmse")


def test_importing_loads_no_heavy_library():
    code = "import sys, assay.diagnosis.errors; print({'torch', 'sklearn', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_row_numbers_are_those_of_the_file(shared_data):
    """Any rows of the credit data: what the record says of a row stands so in the file."""
    whole = assay.read(shared_data / "credit_default.csv", target="default payment next month")
    chosen = np.sort(np.random.default_rng(0).choice(len(whole), 3_000, replace=False))
    rows = whole.take(chosen)
    truth = rows.frame["default payment next month"].cast(int).to_numpy()
    late = (rows.frame["PAY_0"].cast(float) > 1).to_numpy()
    second = np.where(late, 0.6, 0.2)
    p = Predictions(Task.BINARY, truth, np.column_stack([1 - second, second]), ("0", "1"), chosen)
    found = find_errors(p, rows, metric="accuracy")
    lines = (shared_data / "credit_default.csv").read_text().splitlines()
    for worst in found.worst.rows:
        assert lines[worst.row].endswith(f",{worst.truth}")
    assert found.slices.found
    assert "PAY_0" in found.slices.found[0].rule or "PAY_" in found.slices.found[0].rule
