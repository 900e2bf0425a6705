"""network.onnx: the program for ONNX Runtime, in the browser and elsewhere."""

from __future__ import annotations

from pathlib import Path

import torch
from torch.export import ExportedProgram

from assay.core.errors import BundleError
from assay.export.quiet import quiet
from assay.export.schema_file import INPUT_NAME, OUTPUT_NAME

OPSET = 20
"""Of the standard operators; ONNX Runtime 1.17 and newer know it, in the browser as well."""


def write_onnx(program: ExportedProgram, path: Path) -> None:
    """Translate the program, and write it with the input `rows` and the output `output`.

    Raises:
        BundleError: the number of rows came out as fixed (pytorch#148886).
    """
    with quiet():
        translated = torch.onnx.export(
            program,
            dynamo=True,
            opset_version=OPSET,
            input_names=[INPUT_NAME],
            output_names=[OUTPUT_NAME],
            verbose=False,
        )
    assert translated is not None  # the older exporter alone answers None
    graph = translated.model.graph
    for value in (graph.inputs[0], graph.outputs[0]):
        if value.shape is None or isinstance(value.shape[0], int):
            raise BundleError(f"the number of rows is fixed in the ONNX graph's {value.name}: {value.shape}")
    for node in graph.all_nodes():  # where in which file a step stands is of no use to others
        node.metadata_props.clear()
    with quiet():
        translated.save(path)
