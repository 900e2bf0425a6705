"""Predicts with an exported bundle by ONNX Runtime: no torch, no polars, raw rows in.

`write_reader` (export/reader.py) makes one file, predict.py, of this module and of what it needs.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Self

import numpy as np

from assay.core.errors import BundleError, DataError, MissingPartError
from assay.export.portable.answers import answer_columns
from assay.export.portable.choices import Choices
from assay.export.portable.pictures import Pictures
from assay.export.portable.schema import PortableSchema

_SCHEMA, _NETWORK = "schema.json", "network.onnx"
_FORMAT = 1
_BATCH = 2048  # rows at once: the memory of a prediction does not grow with the file
_NUMBERS = 2**20  # of a batch of images, of which a network's first layers make many times as many
_QUIET = 3  # ONNX Runtime's severity from which on it says something: errors


class OnnxModel:
    """An exported bundle that answers raw rows or images.

    Args:
        record: what schema.json holds.
        network: the path of network.onnx, or its bytes.
        threads: of ONNX Runtime; one is the fastest for single rows and small networks.

    Attributes:
        record: as given.
        labels: the classes as the user wrote them, in the order of the probabilities; empty for a quantity.
        threshold: the probability of the second of two classes above which it is the answer; None: the most
            probable class is.

    Raises:
        BundleError: the files are damaged, or from a newer version.
        MissingPartError: ONNX Runtime is not installed.
    """

    def __init__(self, record: dict[str, Any], network: Path | bytes, threads: int = 1) -> None:
        if not isinstance(record, dict) or record.get("format") != _FORMAT:
            found = record.get("format") if isinstance(record, dict) else type(record).__name__
            raise BundleError(
                f"the exported schema has the format {found!r}, and {_FORMAT} is read here",
                hint="export the bundle again, and use the predict.py that is written beside it",
                where=_SCHEMA,
            )
        try:
            self.record = record
            self.labels: tuple[Any, ...] = tuple(record["labels"])
            self.threshold: float | None = record["threshold"]
            self.is_image = record["kind"] == "image"
            self._input, self._output = str(record["input"]["name"]), [str(record["output"]["name"])]
            self._schema = PortableSchema(record["columns"])
        except (LookupError, TypeError, ValueError) as error:
            raise BundleError(f"the exported schema is damaged ({error!r})", where=_SCHEMA) from error
        self._session = _session(network, threads)
        self._table = _label_table(self.labels)

    @classmethod
    def load(cls, folder: str | PathLike[str], threads: int = 1) -> Self:
        """The model that an exported folder holds.

        Raises:
            BundleError: a file is missing, damaged, or from a newer version.
            MissingPartError: ONNX Runtime is not installed.
        """
        place = Path(folder)
        absent = next((name for name in (_SCHEMA, _NETWORK) if not (place / name).is_file()), None)
        if absent is not None:
            raise BundleError(
                f"there is no {absent} in {folder}", hint="make it with `assay export BUNDLE --to onnx`"
            )
        try:
            record = json.loads((place / _SCHEMA).read_text(encoding="utf-8"))
        except ValueError as error:
            raise BundleError(f"not valid JSON: {error}", where=str(place / _SCHEMA)) from error
        return cls(record, place / _NETWORK, threads)

    def predict(self, rows: Any, choices: Choices | None = None) -> np.ndarray:
        """Predict rows or images.

        Args:
            rows: the path of a CSV file, a list of rows (lists in column order, or dictionaries), or a 2-D
                array; of images a folder, a file, a list of paths, bytes, Pillow images or arrays, or one
                array (N, H, W, C).
            choices: how a file is read.

        Returns:
            (N,): for a quantity float64 in the user's unit, else labels of the user's own type.

        Raises:
            DataError: a column is missing, or a value or an image cannot be read.
        """
        return self.chosen(self.outputs(self.encode(rows, choices)))

    def predict_proba(self, rows: Any, choices: Choices | None = None) -> np.ndarray:
        """(N, K) float64 probabilities of the classes, in the order of `labels`.

        Raises:
            DataError: as for `predict`.
            BundleError: the bundle predicts a quantity.
        """
        if not self.labels:
            raise BundleError(
                f"{self.record['target']!r} is a quantity, which has no probabilities", hint="use predict"
            )
        return self.outputs(self.encode(rows, choices))

    def warnings(self, rows: Any, choices: Choices | None = None) -> list[list[str]]:
        """What no training row had, row by row: an unknown category, a number out of range, no value.

        Raises:
            DataError: as for `predict`.
        """
        return self.oddities(self.encode(rows, choices))

    def answers(self, rows: Any) -> list[dict[str, Any]]:
        """For each row `prediction`, `probabilities` by label (None for a quantity) and `warnings`.

        Raises:
            DataError: as for `predict`.
        """
        raw = self.encode(rows)
        output = self.outputs(raw)
        return [
            {
                "prediction": prediction,
                "probabilities": dict(zip(map(str, self.labels), row, strict=True)) if self.labels else None,
                "warnings": warnings,
            }
            for prediction, row, warnings in zip(
                self.chosen(output).tolist(), output.tolist(), self.oddities(raw), strict=True
            )
        ]

    def columns(self, rows: Any, choices: Choices | None = None) -> dict[str, Sequence[Any]]:
        """The columns of a file of predictions, as `assay predict` writes them.

        Raises:
            DataError: as for `predict`; or an answer is not a finite number.
        """
        raw = self.encode(rows, choices)
        try:
            return self.columns_of(raw)
        except DataError as error:
            is_file = isinstance(rows, str | PathLike) and not self.is_image
            where = f"{Path(rows).name}, {error.where}" if is_file else error.where
            raise DataError(error.message, hint=error.hint, where=where) from error

    def columns_of(self, raw: np.ndarray | Pictures) -> dict[str, Sequence[Any]]:
        """What `columns` says of what `encode` gives.

        Raises:
            DataError: the network's answer to a row is not a finite number.
        """
        output = self.outputs(raw)
        named: dict[str, Sequence[Any]] = {"image": raw.names} if isinstance(raw, Pictures) else {}
        probabilities = output.tolist() if self.labels else None
        return named | answer_columns(
            self.labels, self.chosen(output).tolist(), probabilities, self.oddities(raw)
        )

    def encode(self, rows: Any, choices: Choices | None = None) -> np.ndarray | Pictures:
        """The raw matrix (N, C) float64, NaN for missing; or the images, which are decoded when needed."""
        return Pictures(rows, self.record["image"]) if self.is_image else self._schema.encode(rows, choices)

    def outputs(self, raw: np.ndarray | Pictures) -> np.ndarray:
        """(N,) values or (N, K) probabilities, float64, of what `encode` gives, batch by batch.

        Raises:
            DataError: the network's answer to a row is not a finite number.
        """
        run, names, put = self._session.run, self._output, self._input
        if isinstance(raw, np.ndarray) and len(raw) <= _BATCH:
            output: np.ndarray = run(names, {put: raw})[0]
        else:
            output = np.concatenate([run(names, {put: batch})[0] for batch in self._batches(raw)])
        # The sum of the squares is finite where all are, and takes a tenth of the time for a single row.
        if not math.isfinite(np.vdot(output, output)) and not np.isfinite(output).all():
            row = int(np.argwhere(~np.isfinite(output))[0, 0]) + 1
            raise DataError("the network's answer is not a finite number", where=f"row {row}")
        return output

    def oddities(self, raw: np.ndarray | Pictures) -> list[list[str]]:
        """What `warnings` says of what `encode` gives; of an image nothing, all are brought to one form."""
        return [[] for _ in range(len(raw))] if isinstance(raw, Pictures) else self._schema.warnings(raw)

    def chosen(self, output: np.ndarray) -> np.ndarray:
        """What `predict` answers for `outputs`: the values, or the labels that they decide for."""
        if not self.labels:
            return output
        by_threshold = self.threshold is not None
        classes = (output[:, 1] > self.threshold).astype(np.int64) if by_threshold else output.argmax(axis=1)
        chosen: np.ndarray = self._table[classes]
        return chosen

    def _batches(self, raw: np.ndarray | Pictures) -> Iterator[np.ndarray]:
        if isinstance(raw, Pictures):
            size = max(1, min(_BATCH, _NUMBERS // int(np.prod(raw.shape))))
            return (raw.batch(start, start + size) for start in range(0, len(raw), size))
        return (raw[start : start + _BATCH] for start in range(0, len(raw), _BATCH))


def _session(network: Path | bytes, threads: int) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingPartError(
            "an exported network is run by ONNX Runtime, which is not installed",
            hint="pip install onnxruntime",
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = threads
    options.log_severity_level = _QUIET
    try:
        content = network if isinstance(network, bytes) else str(network)
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's own errors have no common class but this
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise BundleError(
            f"{_NETWORK} cannot be read: {said[0][:200]}", hint="export the bundle again"
        ) from error


def _label_table(labels: Sequence[Any]) -> np.ndarray:
    """The labels in an array of the user's own type; texts as objects."""
    is_text = any(isinstance(label, str) for label in labels)
    table = np.empty(len(labels), dtype=object if is_text else np.array(labels).dtype)
    table[:] = labels
    return table
