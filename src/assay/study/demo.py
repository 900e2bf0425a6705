"""The demo's data: real, small, and part of a library that is installed anyway."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from assay.core.files import atomic_path


def write_demo_data(folder: Path) -> Path:
    """Write the Wisconsin breast-cancer data (569 rows, 30 features, target "diagnosis") as a CSV file.

    Source: Wolberg, Street and Mangasarian (1995), UCI Machine Learning Repository; comes with scikit-learn.

    Returns:
        the file's path.
    """
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    frame = pl.DataFrame(data.data, schema=[str(name) for name in data.feature_names])
    labels = [str(data.target_names[number]) for number in data.target]
    path = folder / "breast_cancer.csv"
    with atomic_path(path) as temporary:
        frame.with_columns(diagnosis=pl.Series(labels)).write_csv(temporary)
    return path
