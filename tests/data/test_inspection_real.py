"""The real data sets, with what is known about them."""

import numpy as np
import pandas as pd
import pytest

from assay.data.inspection import inspect
from assay.data.reading import read


def found(inspection):
    return {finding.code: finding for finding in inspection.findings}


def columns(inspection):
    return {column["name"]: column for column in inspection.to_json()["columns"]}


def test_credit(shared_data):
    inspection = inspect(read(shared_data / "credit_default.csv", target="default payment next month"))
    assert (inspection.rows, len(inspection.profiles), inspection.task) == (30_000, 25, "binary")
    assert inspection.classes == {"0": 23_364, "1": 6_636}
    assert all(profile.missing == 0 for profile in inspection.profiles)
    shares = {name: column["outliers"]["three_sigma"] for name, column in columns(inspection).items()}
    highest = sorted((share, name) for name, share in shares.items() if share is not None)[-2:]
    assert {name for _, name in highest} == {"BILL_AMT1", "BILL_AMT4"}
    assert highest[-1][0] == pytest.approx(0.023, abs=0.0005)
    said = found(inspection)
    assert {"A403", "A201", "A202", "A111", "A112", "A109"} <= set(said)
    assert "A401" not in said and "A402" not in said
    assert "22.1 %" in said["A403"].message
    rare = {finding.column: finding.message for finding in inspection.findings if finding.code == "A112"}
    assert "0 (14)" in rare["EDUCATION"] and "6 (51)" in rare["EDUCATION"]
    assert "0 (54)" in rare["MARRIAGE"]


def test_repeated_rows_of_credit_agree_with_pandas(shared_data):
    frame = pd.read_csv(shared_data / "credit_default.csv").drop(columns="ID")
    inspection = inspect(read(shared_data / "credit_default.csv", target="default payment next month"))
    assert inspection.repeated.repeats == int(frame.duplicated().sum()) == 35
    groups = frame.groupby(list(frame.columns[:-1]))["default payment next month"].agg(["nunique", "size"])
    assert inspection.repeated.conflicts == int(groups.loc[groups["nunique"] > 1, "size"].sum())


def test_energy(shared_data):
    inspection = inspect(read(shared_data / "energy.csv", target="Appliances"))
    said = found(inspection)
    assert set(said) == {"A203", "A301"}
    assert said["A203"].column == "date"
    assert "every 10 minutes" in said["A203"].message
    assert (said["A301"].column, "'rv1'" in said["A301"].message) == ("rv2", True)
    assert inspection.time.echo == pytest.approx(0.753, abs=0.005)
    kinds = {profile.column.kind for profile in inspection.profiles}
    assert "qualitative" not in kinds
    shares = [column["outliers"]["three_sigma"] for column in columns(inspection).values()]
    assert max(share for share in shares if share is not None) < 0.05


def test_statistics_of_energy_agree_with_pandas(shared_data):
    frame = pd.read_csv(shared_data / "energy.csv", skipinitialspace=True).drop(columns="date").astype(float)
    described = columns(inspect(read(shared_data / "energy.csv", target="Appliances")))
    low, high = frame.mean() - 3 * frame.std(), frame.mean() + 3 * frame.std()
    counts = ((frame < low) | (frame > high)).sum()
    outside = ((frame < frame.quantile(0.01)) | (frame > frame.quantile(0.99))).sum()
    for name in frame.columns:
        column = described[name]
        assert column["mean"] == pytest.approx(frame[name].mean())
        assert column["std"] == pytest.approx(frame[name].std())
        assert column["unique"] == frame[name].nunique()
        assert column["quantiles"]["0.05"] == pytest.approx(frame[name].quantile(0.05))
        assert column["outliers"]["three_sigma_count"] == counts[name]
        assert column["outliers"]["percentile_count"] == outside[name]
        assert sum(column["histogram"]["counts"]) == len(frame)


def test_correlations_of_year_agree_with_numpy(shared_data):
    inspection = inspect(read(shared_data / "year_msd_uci_1176.csv", target="label"))
    frame = pd.read_csv(shared_data / "year_msd_uci_1176.csv")
    np.testing.assert_allclose(inspection.correlation.matrix, np.corrcoef(frame.to_numpy().T), atol=1e-9)
    assert (inspection.rows, len(inspection.profiles), inspection.task) == (1_176, 91, "regression")
    assert inspection.findings == ()


def test_somerville(shared_data):
    inspection = inspect(read(shared_data / "somerville.csv", target="D"))
    assert inspection.classes == {"1": 77, "0": 66}
    said = found(inspection)
    assert {"A201", "A202", "A205"} <= set(said)
    assert "keep them" in said["A201"].advice
