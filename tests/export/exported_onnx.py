"""The part of an exported folder that is read without torch."""

from __future__ import annotations

from pathlib import Path

import torch

from assay.bundle.bundle import Bundle
from assay.core.files import write_json
from assay.export.onnx_file import write_onnx
from assay.export.parity_rows import drawn_rows
from assay.export.program import exported_program
from assay.export.reader import write_reader
from assay.export.schema_file import schema_record


def write_exported(bundle: Bundle, folder: Path) -> Path:
    """schema.json, network.onnx and predict.py of a bundle."""
    folder.mkdir(parents=True)
    write_json(folder / "schema.json", schema_record(bundle))
    example = torch.from_numpy(drawn_rows(bundle, 8))
    write_onnx(exported_program(bundle.network, example), folder / "network.onnx")
    write_reader(folder)
    return folder
