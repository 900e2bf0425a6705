"""Clean splits do not alarm, however their columns look."""

import numpy as np
import polars as pl
import pytest
from leaky_parts import halves, people

import assay

SEEDS = range(3)


def grades(rng: np.random.Generator) -> pl.DataFrame:
    """Few different rows are possible, and most stand on both sides."""
    answers = rng.integers(1, 5, (1_000, 5))
    happy = answers.sum(axis=1) + rng.normal(scale=2.0, size=1_000) > 12.5
    return pl.DataFrame(answers).with_columns(y=pl.Series(happy.astype(int)))


def rules(rng: np.random.Generator) -> pl.DataFrame:
    """The same, and the target follows without an exception."""
    flags = rng.integers(0, 2, (2_000, 9))
    return pl.DataFrame(flags).with_columns(y=pl.Series((flags.sum(axis=1) > 4).astype(int)))


def shares(rng: np.random.Generator) -> pl.DataFrame:
    """Columns that lie between 0 and 1 by themselves, and reach both."""
    values = np.round(rng.dirichlet([0.1] * 5, 1_000), 2)
    return pl.DataFrame(values).with_columns(y=pl.Series(values[:, 0] + rng.normal(size=1_000)))


def heaps(rng: np.random.Generator) -> pl.DataFrame:
    """Tight heaps of rows: neighbours are very near, on both sides alike."""
    centres = 5.0 * rng.normal(size=(40, 4))
    rows = centres[rng.integers(0, 40, 1_500)] + 0.01 * rng.normal(size=(1_500, 4))
    return pl.DataFrame(rows).with_columns(y=pl.Series(rows[:, 0] + rng.normal(size=1_500) > 0))


def amounts(rng: np.random.Generator) -> pl.DataFrame:
    """Half zeros, long tails, and a rare class."""
    values = rng.exponential(size=(2_000, 6)) ** 3 * (rng.uniform(size=(2_000, 6)) < 0.5)
    return pl.DataFrame(values).with_columns(
        y=pl.Series((np.log1p(values[:, 0]) + rng.normal(size=2_000)) > 4.0)
    )


def signed_up(rng: np.random.Generator) -> pl.DataFrame:
    """A date and an identifier that are properties of the row and nothing more."""
    frame = people(int(rng.integers(1_000)), 900)
    day = np.datetime64("2020-01-01") + rng.integers(0, 800, 900).astype("timedelta64[D]")
    return frame.with_columns(pl.Series("joined", day), pl.Series("customer_id", rng.permutation(900)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("make", [grades, rules, shares, heaps, amounts, signed_up])
def test_made_up_columns(make, seed):
    frame = make(np.random.default_rng(seed))
    audit = assay.audit(*halves(frame, seed), target="y")
    assert audit.alarms == ()


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "diabetes"])
@pytest.mark.parametrize("seed", range(5))
def test_data_sets_that_come_with_scikit_learn(name, seed):
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{name}")()
    frame = pl.DataFrame(bunch.data).with_columns(y=pl.Series(bunch.target))
    assert assay.audit(*halves(frame, seed), target="y").alarms == ()


def test_credit_has_a_natural_handful(shared_data):
    frame = pl.read_csv(shared_data / "credit_default.csv")
    target = "default payment next month"
    train, test = halves(frame.drop("ID"))
    audit = assay.audit(train, test, target=target, predictions=(test["PAY_0"] > 0).cast(pl.Int64).to_numpy())
    assert audit.alarms == ()
    (leak,) = [leak for leak in audit.leaks if leak.code == "L101"]
    assert 5 <= len(leak.rows) <= 40
    assert abs(leak.inflation) < 0.002


def test_the_courses_protocol_is_seen_through(shared_data):
    frame = pl.read_csv(shared_data / "credit_default.csv").drop("ID", "SEX")
    target = "default payment next month"
    yes, no = (np.flatnonzero(frame[target].to_numpy() == label) for label in (1, 0))
    rows = np.concatenate([no, yes[np.random.RandomState(0).choice(len(yes), len(no), replace=True)]])
    values = frame[rows].drop(target).to_numpy().astype(float)
    values = (values - values.min(axis=0)) / np.ptp(values, axis=0)
    whole = pl.DataFrame(values, schema=frame.columns[:-1]).with_columns(frame[rows][target])
    train, test = halves(whole, share=0.8)
    audit = assay.audit(train, test, target=target)
    assert {leak.code for leak in audit.alarms} == {"L104", "L201"}
    (copies,) = [leak for leak in audit.leaks if leak.code == "L104"]
    assert "class '1' was over-sampled" in copies.message
    assert len(copies.rows) / len(test) > 0.45
    assert audit.score["all"]["value"] - audit.score["clean"]["value"] > 0.04


def test_energy_in_time_is_clean_and_by_chance_is_not(shared_data):
    frame = assay.read(shared_data / "energy.csv", target="Appliances").frame[::4]
    first = int(0.8 * frame.height)
    assert assay.audit(frame[:first], frame[first:], target="Appliances").alarms == ()
    assert [leak.code for leak in assay.audit(*halves(frame), target="Appliances").alarms] == ["L402"]
