"""Worst rows, and classes that are taken for each other."""

from dataclasses import replace

import numpy as np
import pytest
from error_tables import binary, classes, regression

from assay.diagnosis.errors.confusion_pairs import confusion_pairs, share_replicates
from assay.diagnosis.errors.worst_rows import WorstRows, worst_rows


def test_worst_rows_of_classes_are_the_surest_mistakes():
    rng = np.random.default_rng(0)
    p = binary(np.arange(100) < 20, rng, rows=np.arange(100) * 10)
    output = p.output.copy()
    output[7] = [0.01, 0.99] if p.truth[7] == 0 else [0.99, 0.01]
    worst = worst_rows(replace(p, output=output), "accuracy")
    first = worst.rows[0]
    assert (first.row, first.probability) == (71, 0.99)
    assert first.truth == p.labels[p.truth[7]]
    assert first.predicted != first.truth
    assert first.loss == pytest.approx(-np.log(0.01))
    assert len(worst.rows) == 8
    assert all(row.row <= 191 for row in worst.rows)
    assert str(first) == f"row 71 (true {first.truth}, predicted {first.predicted} with 99 %)"


def test_no_wrong_row_is_no_worst_row():
    p = binary(np.zeros(50, bool), np.random.default_rng(0))
    assert worst_rows(p, "accuracy").rows == ()


def test_worst_rows_of_a_regression_are_the_largest_residuals():
    rng = np.random.default_rng(1)
    residual = rng.normal(size=300)
    residual[[5, 9]] = [-40.0, 30.0]
    worst = worst_rows(regression(residual, rng), "rmse")
    assert [row.row for row in worst.rows[:2]] == [6, 10]
    assert worst.rows[0].loss == pytest.approx(-40.0)
    assert worst.share > 0.8  # 2,500 of about 2,800
    assert WorstRows.from_json(worst.to_json()) == worst


def test_a_pair_beyond_chance():
    pairs = confusion_pairs(classes([[80, 18, 2], [3, 95, 2], [2, 3, 95]]))
    (pair,) = pairs
    assert (pair.truth, pair.predicted, pair.rows) == ("A", "B", 18)
    assert pair.share.low < 0.18 < pair.share.high
    assert pair.chance == pytest.approx(0.1 * 100 / 200)
    assert "A taken for B: 18 % of all A" in str(pair)


def test_mistakes_that_fall_evenly_make_no_pair():
    assert confusion_pairs(classes([[80, 10, 10], [10, 80, 10], [10, 10, 80]])) == ()
    assert confusion_pairs(classes([[80, 20], [20, 80]])) == ()
    assert confusion_pairs(classes([[100, 0], [0, 100]])) == ()
    assert confusion_pairs(regression(np.ones(10), np.random.default_rng(0))) == ()


def test_of_two_classes_the_one_that_is_missed():
    (pair,) = confusion_pairs(classes([[760, 20], [140, 80]]))
    assert (pair.truth, pair.predicted) == ("B", "A")
    assert pair.chance == pytest.approx(0.16)
    assert pair.share.value == pytest.approx(140 / 220)


def test_chance_alone_rarely_makes_a_pair():
    found = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        counts = [
            [int(count) for count in rng.multinomial(100, [0.7 if i == j else 0.1 for j in range(4)])]
            for i in range(4)
        ]
        found += bool(confusion_pairs(classes(counts), replicates=300))
    assert found <= 8


def test_shares_of_groups_are_less_certain_than_of_rows():
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(10), 30)
    hits = rng.random(10)[group] < 0.3
    alone = binary(np.zeros(300, bool), rng)
    together = replace(alone, groups=group)
    by_row, by_group = (share_replicates(hits, p, 0, 500).std() for p in (alone, together))
    assert by_group > 2 * by_row


def test_a_class_that_no_validation_row_has():
    p = classes([[50, 10, 0], [2, 60, 0], [0, 0, 0]])
    assert {pair.truth for pair in confusion_pairs(p)} <= {"A", "B"}
