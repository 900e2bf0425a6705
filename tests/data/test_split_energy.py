"""What a random split of a time series hides, measured on the real energy data."""

from pathlib import Path

import numpy as np
import polars as pl

from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.split import split
from assay.data.table import Table


def read_energy(path: Path) -> Table:
    """The table, read here without the reader, since this is about the split."""
    text = pl.read_csv(path, infer_schema=False)
    numbers = [name for name in text.columns if name != "date"]
    frame = text.select(
        pl.col("date").str.to_datetime("%Y-%m-%d %H:%M:%S"),
        pl.col(numbers).str.strip_chars().cast(pl.Float64),
    )
    columns = tuple(
        Column(
            name,
            Kind.DATE if name == "date" else Kind.QUANTITATIVE,
            Role.TARGET if name == "Appliances" else Role.FEATURE,
        )
        for name in frame.columns
    )
    return Table(frame, columns, Task.REGRESSION, name="energy.csv")


def test_random_flatters_and_time_order_tells(shared_data: Path) -> None:
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.metrics import r2_score

    table = read_energy(shared_data / "energy.csv")
    features = table.frame.drop("date", "Appliances").to_numpy()
    target = table.frame["Appliances"].to_numpy()
    r2: dict[str, list[float]] = {}
    for method in ("random", "auto"):
        drawn = split(table, method=method, train_like=0)
        assert drawn.sizes == {"train": 11_841, "validation": 3_947, "test": 3_947}
        trees = HistGradientBoostingRegressor(max_iter=100, early_stopping=False, random_state=0)
        trees.fit(features[drawn.train], target[drawn.train])
        r2[drawn.method] = [
            r2_score(target[rows], trees.predict(features[rows])) for rows in (drawn.validation, drawn.test)
        ]
    # Measured: 0.41 and 0.42 by chance, -0.25 and -2.70 in order.
    assert min(r2["random"]) > 0.38
    assert max(r2["time"]) < 0


def test_neighbours_in_time_are_nearly_copies(shared_data: Path) -> None:
    table = read_energy(shared_data / "energy.csv")
    drawn = split(table)
    assert drawn.method == "time"
    assert "correlate by 0.7" in drawn.warnings[0]
    assert np.array_equal(drawn.test, np.arange(15_788, 19_735))
