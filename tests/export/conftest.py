"""Bundles of every kind and raw rows for them, shared by all tests of exports."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from bundles_made import NAMES, TABLES, image_bundle, rows_frame, table_bundle

from assay.bundle.bundle import Bundle
from images_made import made_images


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Bundle]:
    """By name: regression, binary, multiclass, embeddings, tabm and image; weights are random.

    The binary one has a temperature, a shift and a threshold, the image one a temperature.
    """
    folder = tmp_path_factory.mktemp("training_rows")
    return {**{name: table_bundle(name, folder) for name in TABLES}, "image": image_bundle()}


@pytest.fixture(scope="session")
def raw_rows(bundles: dict[str, Bundle]) -> Callable[[str], np.ndarray]:
    """Raw rows for a bundle, 60 of them, some unlike the training rows: what its network takes."""

    def rows(name: str) -> np.ndarray:
        if name == "image":
            return np.ascontiguousarray(made_images(60, seed=7)[0].transpose(0, 3, 1, 2))
        return np.asarray(bundles[name].schema.encode(rows_frame(60, seed=7)))

    return rows


@pytest.fixture(scope="session")
def rows_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV of the rows that `raw_rows` gives for tables, with the targets beside the features."""
    path = tmp_path_factory.mktemp("raw_rows") / "rows.csv"
    rows_frame(60, seed=7).write_csv(path)
    return path


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Each bundle's name in turn."""
    return str(request.param)


@pytest.fixture
def bundle(bundles: dict[str, Bundle], name: str) -> Bundle:
    """Each bundle in turn."""
    return bundles[name]


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """TorchScript's own test asks for our warning; nobody else wants to hear it."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:TorchScript is deprecated:FutureWarning"))
