"""Output sizes, parameters and multiply-adds of layers, by arithmetic alone: no tensor is made."""

from assay.networks.shapes.calculus import shapes
from assay.networks.shapes.reading import read_layer, read_layers
from assay.networks.shapes.report import Row, ShapeReport
from assay.networks.shapes.size import Shape, Vector, Volume, read_size

__all__ = [
    "Row",
    "Shape",
    "ShapeReport",
    "Vector",
    "Volume",
    "read_layer",
    "read_layers",
    "read_size",
    "shapes",
]
