"""Looks at a set of images before anything is trained."""

from assay.data.inspection.images.inspection import ImageInspection, inspect_images

__all__ = ["ImageInspection", "inspect_images"]
