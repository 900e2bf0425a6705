"""The C++ program, built from the project that was written, and fed with a file as its users do."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import tempfile
from io import StringIO
from pathlib import Path
from typing import Any, Literal

import numpy as np

from assay.core.errors import AssayError
from assay.export import files
from assay.export.cpp import built_program
from assay.export.written_cell import cell_writer

Backend = Literal["torchscript", "aoti"]
_NETWORKS = {"torchscript": files.TORCHSCRIPT, "aoti": files.PACKAGE}
_NAMES = {"torchscript": "C++ with TorchScript", "aoti": "C++ with AOTInductor"}
_BATCH = 1024


class CppRuntime:
    """The program `predict` with one of its two back ends.

    Rows are written as a user writes them, numbers with up to 17 digits and categories as their texts; those
    that no text stands for (a date after 9999) as raw numbers, with `--raw`. Images are a .npy.

    Args:
        folder: the exported folder, whose `cpp/` is built where that has not been done.
        backend: which network the program loads.

    Raises:
        MissingPartError: there is no C++ compiler.
        AssayError: the program does not build.
    """

    def __init__(self, folder: Path, backend: Backend) -> None:
        self.name = _NAMES[backend]
        self.file = _NETWORKS[backend]
        self._folder = folder
        self._schema: dict[str, Any] = json.loads((folder / files.SCHEMA).read_text(encoding="utf-8"))
        self._program = built_program(folder / files.CPP)

    def run(self, raw: np.ndarray) -> np.ndarray:
        """(N, ...) raw rows as `schema.json` says -> float64: (N,) values or (N, K) probabilities.

        Raises:
            AssayError: the program stopped; says what it said.
        """
        return self.run_in_batches(raw, _BATCH)

    def run_in_batches(self, raw: np.ndarray, size: int) -> np.ndarray:
        """`run`, with this many rows at once."""
        with tempfile.TemporaryDirectory(prefix="assay-cpp-") as folder:
            if self._schema["kind"] == "image":
                path = Path(folder) / "images.npy"
                np.save(path, raw)
                return self._answers(path, size)
            return self._tables(raw, size, Path(folder))

    def _tables(self, raw_NC: np.ndarray, size: int, folder: Path) -> np.ndarray:
        writers = [cell_writer(column) for column in self._schema["columns"]]
        rows = [[write(value) for write, value in zip(writers, row, strict=True)] for row in raw_NC.tolist()]
        is_raw_N = np.array([None in row for row in rows], dtype=bool)
        written, plain = folder / "rows.csv", folder / "raw.csv"
        self._write(written, [row for row in rows if None not in row])
        answer_N = self._answers(written, size)
        if not is_raw_N.any():
            return answer_N
        self._write(plain, [list(map(_plain, row)) for row in raw_NC[is_raw_N].tolist()])
        raw_answer_N = self._answers(plain, size, "--raw")
        output: np.ndarray = np.empty((len(rows), *answer_N.shape[1:]))
        output[~is_raw_N], output[is_raw_N] = answer_N, raw_answer_N
        return output

    def _write(self, path: Path, rows: list[list[Any]]) -> None:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([column["name"] for column in self._schema["columns"]])
            if len(self._schema["columns"]) == 1:  # an empty line at the end would be no row
                writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
            writer.writerows(rows)

    def _answers(self, path: Path, size: int, *options: str) -> np.ndarray:
        command: list[str | Path] = [
            self._program,
            self._folder / self.file,
            self._folder / files.SCHEMA,
            path,
        ]
        command += ["--batch", str(size), "--no-warnings", *options]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode:
            said = done.stderr.strip() or f"exit status {done.returncode}"
            raise AssayError(f"the C++ program stopped: {said}", where=self.file)
        rows = list(csv.reader(StringIO(done.stdout, newline="")))[1:]
        if not self._schema["labels"]:
            return np.array([float(row[0]) for row in rows], dtype=np.float64)
        classes = len(self._schema["labels"])
        return np.array([row[1:] for row in rows], dtype=np.float64).reshape(-1, classes)


def _plain(value: float) -> str:
    return "" if math.isnan(value) else repr(value)
