"""network.pt2: the network as a program of torch.export, for any number of rows."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.export import Dim, ExportedProgram

from assay.core.errors import BundleError
from assay.export.quiet import quiet
from assay.export.schema_file import INPUT_NAME


def exported_program(network: nn.Module, example: Tensor) -> ExportedProgram:
    """The network's graph, whose first dimension is open.

    Args:
        network: in evaluation mode, on the CPU.
        example: (N, ...) rows as it takes them, N >= 2: sizes 0 and 1 would be taken for fixed. They are
            stored in the program, so they must be nobody's.

    Raises:
        BundleError: the number of rows came out as fixed.
    """
    with quiet(), torch.no_grad():
        program = torch.export.export(network, (example,), dynamic_shapes=({0: Dim(INPUT_NAME, min=0)},))
    for node in program.graph.nodes:  # where in which file a step stands is of no use to others
        node.meta.pop("stack_trace", None)
    (rows,) = (node for node in program.graph.nodes if node.name in program.graph_signature.user_inputs)
    if isinstance(rows.meta["val"].shape[0], int):
        raise BundleError(f"the network takes {rows.meta['val'].shape[0]} rows at once and no other number")
    return program


def write_program(program: ExportedProgram, path: Path) -> None:
    """Write the program for torch.export.load."""
    with quiet():
        torch.export.save(program, path)
