"""Stored arrays: they come back equal, and no damage gets out as anything but a BundleError."""

from pathlib import Path

import numpy as np
import pytest

from assay.core.arrays import read_arrays, write_arrays
from assay.core.errors import BundleError


def test_arrays_come_back_equal(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a.npz", {"x": np.arange(5), "y": np.array(["a", "b"])})
    found = read_arrays(tmp_path / "a.npz", "numbers")
    assert found.keys() == {"x", "y"}
    assert found["x"].tolist() == [0, 1, 2, 3, 4]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"no file a\.npz"):
        read_arrays(tmp_path / "a.npz", "numbers")


def test_every_flipped_bit_and_every_cut_is_refused_or_harmless(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_arrays(path, {"x": np.arange(5)})
    whole = path.read_bytes()
    flipped = [
        whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :]
        for at in range(len(whole))
        for bit in range(8)
    ]
    refused = 0
    for content in [*flipped, *(whole[:length] for length in range(len(whole)))]:
        path.write_bytes(content)
        try:
            read_arrays(path, "numbers")
        except BundleError:
            refused += 1
    assert refused > len(whole)
