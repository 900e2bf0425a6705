"""Fixtures of all tests: the real data, and a fixed seed."""

import os
from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets; a test that needs it is skipped where it is missing."""
    folder = Path(os.environ.get("ASSAY_DATA", _SHARED))
    if not (folder / "credit_default.csv").exists():
        pytest.skip(f"no real data: {folder} is missing (set ASSAY_DATA)")
    return folder


@pytest.fixture(autouse=True)
def _fixed_seed() -> None:
    import torch

    torch.manual_seed(0)
