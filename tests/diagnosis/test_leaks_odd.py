"""What an audit says where it cannot measure, was given odd things, or looked at some of the rows only."""

import numpy as np
import polars as pl
import pytest
from leaky_parts import halves, over_sampled, people

import assay
from assay.core.errors import DataError
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.data.inspection.codes import Level

KEPT = [f"x{number}" for number in range(6)]


@pytest.fixture(scope="module")
def parts():
    return halves(people())


def one(audit, code):
    (leak,) = [leak for leak in audit.leaks if leak.code == code]
    return leak


def told(audit) -> str:
    return " ".join(str(audit).split())


def test_a_class_of_copies_alone_leaves_nothing_to_measure(parts):
    train, test = parts
    yes = test.filter(pl.col("y") == "yes")
    audit = assay.audit(pl.concat([train, yes]), test, target="y")
    leak = one(audit, "L104") if any(leak.code == "L104" for leak in audit.leaks) else one(audit, "L101")
    assert leak.inflation is None
    assert "cannot be measured: every test row of class 'yes' is a copy" in leak.message
    assert audit.score["clean"] is None
    assert "add nothing" not in str(audit)


def test_copies_may_take_away_from_the_score(parts):
    train, test = parts
    truth = test["y"].to_numpy()
    wrong = np.where(truth == "yes", "no", "yes")
    said = np.concatenate([wrong[:80], truth[80:]])
    leak = one(assay.audit(pl.concat([train, test[:80]]), test, target="y", predictions=said), "L101")
    assert leak.inflation < -0.1
    assert "they take 0." in leak.message
    assert "away from the balanced accuracy" in leak.message


def test_rows_that_were_not_looked_at_count_in_neither_score(monkeypatch):
    monkeypatch.setattr("assay.diagnosis.leaks.neighbours._MOST", 300)
    train, test = halves(people(3, 2_000), share=0.6)
    rng = np.random.default_rng(0)
    copies = test[:300].with_columns(pl.col(n) + pl.Series(0.003 * rng.normal(size=300)) for n in KEPT)
    audit = assay.audit(pl.concat([train, copies]), test, target="y")
    leak = one(audit, "L103")
    assert len(leak.unknown) == 500
    rows = audit.score["rows"]
    assert (rows["all"], rows["part"]) == (300, 800)
    assert rows["clean"] == 300 - len(leak.rows)
    assert f"on the {rows['clean']} of these never seen" in told(audit)
    assert "the 300 of 800 rows looked at" in told(audit)


@pytest.mark.parametrize("value", [1.0, None])
def test_columns_without_any_information(value):
    frame = people(1, 200).with_columns(pl.lit(value, dtype=pl.Float64).alias(n) for n in KEPT).drop("city")
    audit = assay.audit(*halves(frame), target="y")
    assert audit.leaks == ()
    assert "no feature is left to compare" in told(audit)
    frame = frame.select("y", "x0")
    assert assay.audit(frame, frame, target="y").score["clean"] is None


def classes(number: int, what: object) -> list[object]:
    return [*(["no", "yes"] * 180)[: number - 1], what, *(["no", "yes"] * 180)[number:]]


@pytest.mark.parametrize(
    ("predictions", "message"),
    [
        (1, "the predictions are 1, and one for each row"),
        ([None] * 360, "row 1: the prediction is missing"),
        (np.zeros((360, 2, 1)), "2 x 1 columns"),
        (classes(7, None), "row 7: the prediction is missing"),
        (classes(7, 3), "row 7: the prediction is '?3'?, and one of the classes"),
        (np.where(np.arange(360) == 5, 1.5, 0.5), "row 6: the prediction is 1.5"),
        (np.where(np.arange(360) == 5, np.nan, 0.5), "row 6: the prediction is missing"),
        (np.full((360, 2), [-0.2, 1.2]), "row 1: the prediction is -0.2, and a probability between 0 and 1"),
        (np.full((360, 2), np.nan), "row 1: the prediction is missing"),
        (np.full((360, 2), "a"), "row 1: the prediction is 'a', and a finite number"),
        ([[1], [1, 2]], "no array"),
    ],
)
def test_predictions_that_are_none_of_classes(parts, predictions, message):
    with pytest.raises(DataError, match=message):
        assay.audit(*parts, target="y", predictions=predictions)


@pytest.mark.parametrize(
    ("predictions", "message"),
    [
        (["much"] * 90, "row 1: the prediction is 'much', and a finite number"),
        (np.zeros((90, 2)), "2 columns, and one column was expected"),
        (np.where(np.arange(90) == 3, np.inf, 0.0), "row 4: the prediction is inf"),
    ],
)
def test_predictions_that_are_none_of_quantities(predictions, message):
    parts = halves(people(0, 300, task="regression"))
    with pytest.raises(DataError, match=message):
        assay.audit(*parts, target="y", predictions=predictions)
    column = assay.audit(*parts, target="y", predictions=parts[1].select("y").to_numpy())
    assert column.score["rmse"] == 0.0


def test_a_record_of_predictions_must_be_of_these_rows(parts):
    truth = (parts[1]["y"] == "yes").to_numpy().astype(np.int64)
    swapped = Predictions(Task.BINARY, 1 - truth, np.eye(2)[1 - truth], ("yes", "no"))
    assert assay.audit(*parts, target="y", predictions=swapped).score["accuracy"] == 1.0
    for labels, message in ((("no", "yes"), "truth differs"), (("a", "b"), "classes 'a', 'b'")):
        other = Predictions(Task.BINARY, 1 - truth, np.eye(2)[truth], labels)
        with pytest.raises(DataError, match=message):
            assay.audit(*parts, target="y", predictions=other)


def test_classes_that_training_lacks(parts):
    train, test = parts
    with pytest.raises(DataError, match="no test row has a class of the training rows"):
        assay.audit(train, test.with_columns(y=pl.lit("perhaps")), target="y")
    some = pl.concat([test[:12].with_columns(y=pl.lit("perhaps")), test[12:]])
    audit = assay.audit(train, some, target="y", predictions=["no"] * 12 + test["y"][12:].to_list())
    assert "12 test rows have class 'perhaps', which no training row has: left out" in audit.notes
    assert audit.rows["test"] == 348
    assert audit.score["accuracy"] == 1.0


def test_a_quantity_that_looks_like_classes():
    train, test = halves(people(0, 300, task="regression"))
    audit = assay.audit(train, test.with_columns(y=(pl.col("y") > 0).cast(pl.Float64)), target="y")
    assert "takes 2 values among the test rows and 210 in training" in told(audit)


@pytest.mark.parametrize(
    ("target", "message"),
    [(np.ones((10, 2)), "10 x 2"), ([[1], [1, 2]] * 5, "no column"), (3, "no dimension")],
)
def test_targets_that_are_no_column(target, message):
    x = np.random.default_rng(0).normal(size=(10, 2))
    with pytest.raises(DataError, match=message):
        assay.audit((x, target), (x, target))


def test_the_same_rows_twice():
    frame = pl.DataFrame({"a": [0, 1] * 100, "b": [0, 0, 1, 1] * 50, "y": [0, 1, 1, 0] * 50})
    audit = assay.audit(frame, frame, target="y")
    leak = one(audit, "L101")
    assert leak.level is Level.SERIOUS
    assert "in the same order" in leak.message
    assert leak.inflation is None


def test_validation_and_test_are_compared(parts):
    train, test = parts
    validation = people(8, 300)
    clean = assay.audit(train, test, validation=validation, target="y")
    assert clean.leaks == ()
    audit = assay.audit(train, test, validation=pl.concat([validation, test[:90]]), target="y")
    leak = one(audit, "L106")
    assert leak.rows == tuple(range(1, 91))
    assert leak.level is Level.SERIOUS
    assert one(assay.audit(train, test, validation=test, target="y"), "L106").rows[-1] == 360


@pytest.mark.parametrize("whole", [True, False])
def test_predictions_of_rows_without_a_target(parts, whole):
    train, test = parts
    holes = test.with_columns(y=pl.when(pl.int_range(360) % 4 == 0).then(None).otherwise(pl.col("y")))
    said = test["y"] if whole else holes["y"].drop_nulls()
    audit = assay.audit(train, holes, target="y", predictions=said.to_numpy())
    assert audit.score["accuracy"] == 1.0
    assert "90 test rows without a target were left out" in audit.notes


def test_columns_that_only_the_test_has(parts):
    train, test = parts
    audit = assay.audit(train, test.with_columns(more=pl.lit(1)), target="y")
    assert audit.notes == ("the test rows have 1 column that training lacks ('more'): not compared",)


def test_a_random_walk_promises_what_tomorrow_does_not_keep():
    rng = np.random.default_rng(0)
    start = np.datetime64("2020-01-01", "us")
    frame = pl.DataFrame({
        "when": start + np.arange(900) * np.timedelta64(3_600_000_000, "us"),
        "a": rng.normal(size=900),
        "y": np.cumsum(rng.normal(size=900)),
    })  # fmt: skip
    leak = one(assay.audit(*halves(frame), target="y"), "L402")
    assert leak.level is Level.SERIOUS
    assert leak.inflation > 0.2


def test_an_over_sampled_class_is_measured_on_its_clean_rows():
    leak = one(assay.audit(*halves(over_sampled(people())), target="y"), "L104")
    assert leak.inflation > 0.0
