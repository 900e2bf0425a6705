"""Images with their labels: read from folders, Parquet files, archives and data sets, and decoded."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.data.images.detect import is_image_source
    from assay.data.images.facts import image_facts
    from assay.data.images.fitting import fitted
    from assay.data.images.image_format import ImageFormat
    from assay.data.images.images import Images, MemoryImages, StreamedImages
    from assay.data.images.reading import ImageSource, read_images
    from assay.data.images.settings import ImageSettings
    from assay.data.images.sizes import target_size
    from assay.data.images.source_parts import Broken

# Loaded on first use: whoever reads a table asks here whether it holds images, and needs no torch for it.
_HOMES = {
    "Broken": "source_parts",
    "ImageFormat": "image_format",
    "ImageSettings": "settings",
    "ImageSource": "reading",
    "Images": "images",
    "MemoryImages": "images",
    "StreamedImages": "images",
    "fitted": "fitting",
    "image_facts": "facts",
    "is_image_source": "detect",
    "read_images": "reading",
    "target_size": "sizes",
}

__all__ = [
    "Broken",
    "ImageFormat",
    "ImageSettings",
    "ImageSource",
    "Images",
    "MemoryImages",
    "StreamedImages",
    "fitted",
    "image_facts",
    "is_image_source",
    "read_images",
    "target_size",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
