"""Exported folders with the C++ program's networks, made without the whole export."""

from __future__ import annotations

import subprocess
import warnings
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from torch import Tensor, nn

from assay.bundle.bundle import Bundle
from assay.core.files import write_json
from assay.export import files
from assay.export.compiler import find_compiler
from assay.export.cpp import built_program, write_project
from assay.export.schema_file import schema_record
from assay.export.torchscript import write_torchscript

needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="there is no C++ compiler")
NO_VALUE = -12345.5  # what a network that echoes says to a missing value


def made_folder(bundle: Bundle, folder: Path) -> Path:
    """A folder with schema.json, the TorchScript file and `cpp/`."""
    folder.mkdir()
    record = schema_record(bundle)
    write_json(folder / files.SCHEMA, record)
    dtype = torch.uint8 if record["kind"] == "image" else torch.float64
    example = torch.zeros(3, *record["input"]["shape"][1:], dtype=dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # ours, about TorchScript
        write_torchscript(bundle.network, example, folder / files.TORCHSCRIPT)
    write_project(bundle, folder)
    return folder


def predict(
    folder: Path, rows: Path | str, *options: str, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does."""
    command = [built_program(folder / files.CPP), folder / files.TORCHSCRIPT, rows, *options]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, input=text or None
    )


def answers(done: subprocess.CompletedProcess[str]) -> pl.DataFrame:
    """What was predicted; every row was."""
    assert done.returncode == 0, done.stderr
    return pl.read_csv(done.stdout.encode(), infer_schema_length=None)


class Echo(nn.Module):
    """Answers a row with itself."""

    def forward(self, raw_NC: Tensor) -> Tensor:
        """(N, C) -> (N, C)."""
        return torch.nan_to_num(raw_NC, nan=NO_VALUE)


def echo_folder(bundle: Bundle, folder: Path) -> Path:
    """As `made_folder`, but the answer is the raw row, each column as if it were a class."""
    made_folder(bundle, folder)
    record = schema_record(bundle) | {"labels": list(bundle.schema.names), "threshold": None}
    write_json(folder / files.SCHEMA, record)
    example = torch.zeros(3, len(bundle.schema.names), dtype=torch.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.trace(Echo(), example).save(str(folder / files.TORCHSCRIPT))
    return folder


def echoed(done: subprocess.CompletedProcess[str]) -> np.ndarray:
    """(N, C) the raw rows that the program read, NaN where a value is missing."""
    frame = answers(done)
    columns = [name for name in frame.columns if name.startswith("probability_")]
    raw_NC = frame.select(columns).to_numpy().astype(np.float64)
    return np.where(raw_NC == NO_VALUE, np.nan, raw_NC)
