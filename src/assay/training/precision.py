"""In which numbers the forward pass is computed."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch

from assay.core.errors import RecipeError


def autocast(precision: str, device: torch.device) -> AbstractContextManager[object]:
    """A reusable context for forward pass and loss: nothing for float32, torch's autocast for bf16.

    Raises:
        RecipeError: bf16 was asked for and the device computes it by emulation only.
    """
    if precision != "bf16":
        return nullcontext()
    if not _has_bf16(device):
        raise RecipeError(
            f"bf16 was asked for, and this {device.type} device has no bf16 arithmetic",
            hint="leave training.precision at auto",
        )
    return torch.autocast(device.type, dtype=torch.bfloat16)


def is_bf16_quick(device: torch.device) -> bool:
    """Whether the device has instructions for bf16; others may compute it, by way of float32."""
    if device.type == "cuda":
        return _has_bf16(device)
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _has_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    supported: bool = torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return supported
