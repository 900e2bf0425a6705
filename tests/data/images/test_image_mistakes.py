"""Mistakes that people make with images, and what they are told."""

import numpy as np
import pytest
import torch

import assay
from assay.core.errors import DataError, RecipeError
from assay.data.images.arrays import as_uint8
from assay.data.images.broken import left_out
from assay.data.images.source_parts import Broken
from assay.study.recipe import Recipe
from images_made import make_folder


@pytest.mark.parametrize("dtype", [np.uint16, np.uint32])
def test_arrays_of_sixteen_bits_are_refused_with_what_to_do(dtype):
    with pytest.raises(DataError, match=r"to 40000, as those of 16 bits do .divide by 257"):
        as_uint8(torch.from_numpy(np.full((2, 2), 40_000, dtype)))
    assert as_uint8(torch.from_numpy(np.full((2, 2), 255, dtype))).dtype == torch.uint8


def test_left_out_images_are_all_accounted_for():
    broken = [Broken(f"{number}.png", f"reason {number % 7}") for number in range(14)]
    assert left_out(broken).endswith("; other reasons (4)")


def test_an_unknown_kind_of_network_is_named_with_all_kinds_in_mind():
    with pytest.raises(RecipeError, match=r"no network of the kind 'resnett'.*'resnet'"):
        Recipe().changed({"network.kind": "resnett"})


def test_who_states_weights_wants_a_backbone():
    network = Recipe().changed({"network.weights": "squeezenet.pth"}).network
    assert network is not None
    assert network.kind == "backbone"


def test_images_without_classes_are_told_where_a_class_stands(tmp_path):
    folder = make_folder(tmp_path / "made", num_rows=6)
    flat = tmp_path / "flat"
    flat.mkdir()
    for number, path in enumerate(sorted(folder.rglob("*.png"))):
        path.rename(flat / f"{number}.png")
    with pytest.raises(DataError, match=r"a folder of its own, named as the class"):
        assay.run(flat, out=tmp_path / "study")
