"""The audit names each kind of leak, with its rows and what it adds to the score."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from leaky_parts import halves, over_sampled, people, scaled

import assay
from assay.core.errors import DataError
from assay.core.files import to_json
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.data.inspection.codes import Level
from assay.diagnosis.leaks import audit_parts
from assay.diagnosis.leaks.codes import TITLES

FINDINGS = Path(__file__).resolve().parents[2] / "docs" / "findings"


def alarms(audit) -> list[str]:
    return sorted(leak.code for leak in audit.alarms)


def found(audit, code):
    (leak,) = [leak for leak in audit.leaks if leak.code == code]
    return leak


@pytest.fixture(scope="module")
def parts():
    return halves(people())


def test_rows_of_test_in_training(parts):
    train, test = parts
    audit = assay.audit(pl.concat([train, test[10:60]]), test, target="y")
    assert alarms(audit) == ["L101"]
    leak = found(audit, "L101")
    assert leak.rows == tuple(range(11, 61))
    assert leak.level is Level.SERIOUS
    assert "50 of 360 test rows (13.9 %)" in leak.message
    assert audit.score["rows"] == {"all": 360, "clean": 310, "part": 360}
    assert leak.inflation == pytest.approx(
        audit.score["all"]["value"] - audit.score["clean"]["value"], abs=1e-9
    )


def test_a_handful_is_a_note(parts):
    train, test = parts
    audit = assay.audit(pl.concat([train, test[:2]]), test, target="y")
    assert alarms(audit) == []
    assert found(audit, "L101").rows == (1, 2)
    assert "no leak, only notes" in str(audit)


def test_equal_features_with_another_target(parts):
    train, test = parts
    other = test[:40].with_columns(
        pl.when(pl.col("y") == "yes").then(pl.lit("no")).otherwise(pl.lit("yes")).alias("y")
    )
    audit = assay.audit(pl.concat([train, other]), test, target="y")
    assert alarms(audit) == ["L102"]
    assert found(audit, "L102").rows == tuple(range(1, 41))


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_near_copies(task):
    train, test = halves(people(3, task=task))
    rng = np.random.default_rng(0)
    copies = test[:60].with_columns(
        pl.col(f"x{n}") + pl.Series(0.005 * rng.normal(size=60)) for n in range(6)
    )
    audit = assay.audit(pl.concat([train, copies]), test, target="y")
    assert alarms(audit) == ["L103"]
    rows = set(found(audit, "L103").rows)
    assert len(rows & set(range(1, 61))) >= 57
    assert len(rows) <= 80  # a few that are near by nature


def test_noisy_copies_before_the_split():
    frame = people(4, 400)
    rng = np.random.default_rng(0)
    names = [f"x{n}" for n in range(6)]
    copies = [
        frame.with_columns(pl.col(name) + pl.Series(0.001 * rng.normal(size=400)) for name in names)
        for _ in range(3)
    ]
    assert alarms(assay.audit(*halves(pl.concat(copies)), target="y")) == ["L103"]


def test_over_sampling_before_the_split_names_the_class():
    audit = assay.audit(*halves(over_sampled(people())), target="y")
    assert alarms(audit) == ["L104"]
    leak = found(audit, "L104")
    assert "class 'yes' was over-sampled before the split" in leak.message
    assert leak.inflation > 0.01
    assert leak.level is Level.SERIOUS


def test_drawing_with_repetition_before_the_split():
    frame = people(task="regression")
    drawn = frame[np.random.default_rng(1).integers(0, frame.height, frame.height)]
    audit = assay.audit(*halves(drawn), target="y")
    assert alarms(audit) == ["L104"]
    assert "drawn with repetition" in found(audit, "L104").message


def test_interpolation_before_the_split():
    frame = people().drop("city")
    rare = frame.filter(pl.col("y") == "yes").drop("y").to_numpy()
    rng = np.random.default_rng(0)
    one = rng.integers(0, len(rare), 400)
    distance = np.linalg.norm(rare[one][:, None] - rare, axis=2)
    other = np.argsort(distance, axis=1)[np.arange(400), rng.integers(1, 6, 400)]
    made = rare[one] + rng.uniform(size=(400, 1)) * (rare[other] - rare[one])
    smote = pl.DataFrame(made, schema=frame.columns[:-1]).with_columns(y=pl.lit("yes"))
    audit = assay.audit(*halves(pl.concat([frame, smote])), target="y")
    assert alarms(audit) == ["L105"]
    assert "class 'yes'" in found(audit, "L105").message


@pytest.mark.parametrize("how", ["minmax", "zscore", "zscore, ddof 1"])
def test_scaling_by_all_rows_and_by_training_rows(how):
    parts = halves(people(1))
    together = assay.audit(*scaled(parts, pl.concat(parts), how), target="y")
    assert alarms(together) == ["L201"]
    assert set(found(together, "L201").columns) == {f"x{number}" for number in range(6)}
    assert assay.audit(*scaled(parts, parts[0], how), target="y").leaks == ()


def test_scaling_by_three_parts_is_seen_when_all_three_are_given():
    train, rest = halves(people(2))
    validation, test = halves(rest, share=0.5)
    train, validation, test = scaled(
        (train, validation, test), pl.concat([train, validation, test]), "zscore"
    )
    assert alarms(assay.audit(train, test, target="y")) == []
    assert alarms(assay.audit(train, test, validation=validation, target="y")) == ["L201"]


def test_constant_columns_and_float32_do_not_hide_scaling():
    parts = halves(people(1).with_columns(one=pl.lit(0.0), flag=pl.Series(np.arange(1_200) % 2)))
    train, test = (
        part.with_columns(pl.col(f"x{n}").cast(pl.Float32) for n in range(6))
        for part in scaled(parts, pl.concat(parts), "minmax")
    )
    assert alarms(assay.audit(train, test, target="y")) == ["L201"]


@pytest.mark.parametrize(
    ("task", "code", "make"),
    [
        ("binary", "L302", lambda y, rng: y),
        ("binary", "L302", lambda y, rng: np.where(y == "yes", 7, 3)),
        ("binary", "L301", lambda y, rng: (y == "yes") + 0.1 * rng.normal(size=len(y))),
        ("regression", "L302", lambda y, rng: -2.0 * y + 1.0),
        ("regression", "L302", lambda y, rng: y**3),
        ("regression", "L301", lambda y, rng: np.exp(y / 3.0) + 0.01 * rng.normal(size=len(y))),
    ],
)
def test_columns_that_give_the_target_away(task, code, make):
    frame = people(5, task=task)
    column = make(frame["y"].to_numpy(), np.random.default_rng(0))
    audit = assay.audit(*halves(frame.with_columns(pl.Series("made", column.tolist()))), target="y")
    assert alarms(audit) == [code]
    leak = found(audit, code)
    assert leak.columns == ("made",)
    assert leak.rows == ()
    assert leak.inflation > 0.03


def test_columns_that_add_up_to_the_target():
    frame = people(6, task="regression")
    one = pl.Series("one", np.random.default_rng(0).normal(size=frame.height))
    audit = assay.audit(*halves(frame.with_columns(one, other=pl.col("y") - 3.0 * one)), target="y")
    assert set(found(audit, "L302").columns) == {"one", "other"}


def persons(num_rows: int, each: int, seed: int = 0) -> pl.DataFrame:
    """Several rows of each person, who has a level of their own that some columns show."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(num_rows // each), each)
    level = rng.normal(size=num_rows // each)[person]
    traits = rng.normal(size=(num_rows // each, 3))[person] + 0.05 * rng.normal(size=(num_rows, 3))
    columns = {f"t{number}": traits[:, number] for number in range(3)}
    return pl.DataFrame({"patient_id": person, **columns, "y": level + 0.3 * rng.normal(size=num_rows)})


def test_groups_on_both_sides_given_or_recognised():
    parts = halves(persons(1_200, 4))
    recognised = found(assay.audit(*parts, target="y"), "L401")
    assert recognised.level is Level.WARNING
    assert "'patient_id'" in recognised.message
    assert recognised.inflation > 0.02
    named = tuple(part.rename({"patient_id": "z"}) for part in parts)
    given = found(assay.audit(*named, target="y", group="z"), "L401")
    assert given.level is Level.SERIOUS


def test_groups_kept_together_are_clean():
    frame = persons(1_200, 4)
    first = pl.col("patient_id") < 200
    assert assay.audit(frame.filter(first), frame.filter(~first), target="y").leaks == ()


def in_time(num_rows: int = 1_500) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    drift = np.cumsum(rng.normal(size=(num_rows, 3)), axis=0)
    start = np.datetime64("2020-01-01", "us")
    return pl.DataFrame({
        "when": start + np.arange(num_rows) * np.timedelta64(600_000_000, "us"),
        "a": drift[:, 0],
        "b": drift[:, 1],
        "y": drift[:, 2] + 0.3 * rng.normal(size=num_rows),
    })  # fmt: skip


def test_neighbours_in_time():
    frame = in_time()
    mixed = assay.audit(*halves(frame), target="y")
    assert alarms(mixed) == ["L402"]
    assert found(mixed, "L402").inflation > 0.05
    assert assay.audit(frame[:1_000], frame[1_000:], target="y").leaks == ()


@pytest.mark.parametrize("form", ["labels", "shares", "probabilities", "record"])
def test_predictions_of_every_form_give_the_same_score(parts, form):
    train, test = parts
    yes = (test["x0"] + test["x1"] > 1.0).to_numpy()
    share = np.where(yes, 0.9, 0.1)
    truth = (test["y"] == "yes").to_numpy().astype(np.int64)
    both = np.column_stack([1.0 - share, share])
    forms = {
        "labels": np.where(yes, "yes", "no"),
        "shares": share,
        "probabilities": both,
        "record": Predictions(Task.BINARY, truth, both, ("no", "yes")),
    }
    audit = assay.audit(pl.concat([train, test[:100]]), test, target="y", predictions=forms[form])
    assert audit.score["by"] == "predictions"
    assert audit.score["accuracy"] == pytest.approx((yes == truth).mean())
    recalls = [(yes[truth == c] == c).mean() for c in (0, 1)]
    assert audit.score["all"]["value"] == pytest.approx(np.mean(recalls))


def test_arrays_tables_and_files_are_audited_alike(parts, tmp_path):
    frames = (pl.concat([parts[0], parts[1][:30]]), parts[1])
    frames = tuple(frame.drop("city") for frame in frames)
    for name, frame in zip(("a", "b"), frames, strict=True):
        frame.write_csv(tmp_path / f"{name}.csv")
    arrays = [(frame.drop("y").to_numpy(), frame["y"].to_numpy()) for frame in frames]
    audits = [
        assay.audit(*frames, target="y"),
        assay.audit(*arrays),
        assay.audit(tmp_path / "a.csv", tmp_path / "b.csv", target="y"),
        assay.audit(*(assay.read(frame, target="y") for frame in frames), target="y"),
    ]
    assert {found(audit, "L101").rows for audit in audits} == {tuple(range(1, 31))}
    assert len({round(found(audit, "L101").inflation, 9) for audit in audits}) == 1


def test_a_study_is_audited_by_its_own_predictions(parts):
    train, validation = (assay.read(part, target="y") for part in parts)
    leaky = assay.read(pl.concat([parts[0], parts[1][:100]]), target="y")
    truth = (parts[1]["y"] == "yes").to_numpy().astype(np.int64)
    p = Predictions(Task.BINARY, truth, np.eye(2)[truth], ("no", "yes"))
    assert audit_parts(train, validation, p, "random") == ()
    (leak,) = audit_parts(leaky, validation, p, "random")
    assert (leak.code, leak.part, leak.inflation) == ("L101", "validation", 0.0)
    grouped = assay.read(persons(1_200, 4), target="y")
    odd = np.arange(1_200) % 2 == 1
    assert [leak.code for leak in audit_parts(grouped.take(~odd), grouped.take(odd), None, "random")] == [
        "L401"
    ]
    assert audit_parts(grouped.take(~odd), grouped.take(odd), None, "group") == ()


def test_rows_are_those_of_the_file_where_some_have_no_target(parts):
    train, test = parts
    holes = pl.concat([test[:5].with_columns(y=pl.lit(None, dtype=pl.String)), test])
    audit = assay.audit(pl.concat([train, test[:30]]), holes, target="y")
    assert found(audit, "L101").rows == tuple(range(6, 36))


def test_the_record_is_json_and_shows_itself(parts):
    train, test = parts
    audit = assay.audit(pl.concat([train, test]), test, target="y")
    record = json.loads(to_json(audit.to_json()))
    (leak,) = [leak for leak in record["leaks"] if leak["code"] == "L101"]
    assert {"code", "message", "rows", "inflation", "advice", "level"} <= set(leak)
    assert (len(leak["rows"]), leak["count"]) == (100, 360)
    assert record["rows"] == {"training": 1_200, "test": 360}
    assert record["scores"]["test"]["clean"] is None
    assert "L101" in audit._repr_html_()
    assert all(len(line) <= 80 for line in str(audit).splitlines())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a, b: (a, b.drop("x3"), {}), "no column 'x3'"),
        (lambda a, b: (a, b.drop("y"), {}), "no column 'y'"),
        (lambda a, b: (a, b[:3], {}), "3 test rows"),
        (lambda a, b: (a, b, {"predictions": [1, 2]}), "2 predictions for 360 test rows"),
        (
            lambda a, b: (a, b, {"predictions": ["maybe"] * 360}),
            "row 1: the prediction is 'maybe', and one of the classes 'no', 'yes'",
        ),
        (
            lambda a, b: (a, b, {"predictions": np.ones((360, 3))}),
            "3 columns, and one column, or 2 for the classes",
        ),
        (lambda a, b: (a, b.with_columns(x3=pl.lit("far")), {}), "'x3' holds Float64 .* String here"),
        (lambda a, b: (a, b, {"target": None}), "no target column"),
    ],
)
def test_what_cannot_be_audited_is_named(parts, change, message):
    train, test, options = change(*parts)
    with pytest.raises(DataError, match=message):
        assay.audit(train, test, **{"target": "y", **options})


def test_what_is_odd_but_right_is_audited():
    train, test = halves(people(9, 400).with_columns(far=pl.lit(1e300) * pl.col("x0"), none=pl.lit(None)))
    one_class = test.filter(pl.col("y") == "no")
    assert assay.audit(train, one_class, target="y").leaks == ()
    copied = assay.audit(pl.concat([train, one_class[:20]]), one_class, target="y")
    assert alarms(copied) == ["L101"]
    assert copied.scores == ()


@pytest.mark.parametrize("code", TITLES)
def test_each_code_has_its_page(code):
    assert (FINDINGS / f"{code}.md").read_text(encoding="utf-8").splitlines()[
        0
    ] == f"# {code}: {TITLES[code]}"
    assert f"| [{code}]({code}.md) |" in (FINDINGS / "README.md").read_text(encoding="utf-8")
