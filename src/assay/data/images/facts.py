"""What can be measured of an image without knowing what it shows."""

from __future__ import annotations

import numpy as np
import polars as pl
import torch

from assay.core.errors import DataError
from assay.data.images.filling import in_chunks
from assay.data.images.images import Images
from assay.data.table import Table

_NUMBERS = 2**20  # of a batch: each of several intermediate results takes 4 MB, whatever the images' size


def image_facts(source: Images | Table) -> pl.DataFrame:
    """One row an image: what its file says, and measures of its pixels as they are handed out.

    Columns: `width`, `height` (pixels of the original), `aspect` (width / height), `bytes` (of the file; null
    for arrays), `format`, `mode`, `orientation` (EXIF, 1 is upright), `frames`; `brightness` (mean luma, 0 to
    1), `contrast` (standard deviation of the luma), `saturation` (mean of HSV's, 0 to 1), `sharpness`
    (variance of the luma's Laplacian: low where blurred; Pech-Pacheco et al., ICPR 2000).

    Raises:
        DataError: the table has no images, or an image can no longer be read.
    """
    images = source.images if isinstance(source, Table) else source
    if images is None:
        raise DataError("the table holds no images", where=source.name if isinstance(source, Table) else "")
    return pl.concat([_of_files(images), _of_pixels(images)], how="horizontal")


def _of_files(images: Images) -> pl.DataFrame:
    def look(rows: range) -> list[tuple[int | None, str, str, int, int]]:
        found = []
        for row in rows:
            try:
                header = images.store.header(row)
            except DataError as error:
                raise DataError(error.message, where=str(images.store.names[row])) from error
            found.append(
                (header.bytes or None, header.format, header.mode, header.orientation, header.frames)
            )
        return found

    rows = [row for part in in_chunks(len(images), look) for row in part]
    names = {
        "bytes": pl.Int64,
        "format": pl.String,
        "mode": pl.String,
        "orientation": pl.Int64,
        "frames": pl.Int64,
    }
    said = pl.DataFrame(rows, schema=names, orient="row")
    height, width = images.sizes_N2[:, 0].astype(np.int64), images.sizes_N2[:, 1].astype(np.int64)
    sizes = pl.DataFrame({"width": width, "height": height, "aspect": width / np.maximum(height, 1)})
    return pl.concat([sizes, said], how="horizontal")


def _of_pixels(images: Images) -> pl.DataFrame:
    names = ("brightness", "contrast", "saturation", "sharpness")
    size = max(1, _NUMBERS // int(np.prod(images.shape)))
    measures_N4 = np.empty((len(images), len(names)), dtype=np.float32)

    def measure(rows: range) -> None:
        measures_N4[rows.start : rows.stop] = _measures(images.batch(np.arange(rows.start, rows.stop)))

    for _ in in_chunks(len(images), measure, None, size):
        pass
    return pl.DataFrame({name: measures_N4[:, place] for place, name in enumerate(names)})


def _measures(images_BCHW: torch.Tensor) -> torch.Tensor:
    """(B, 4) float32: brightness, contrast, saturation, sharpness."""
    values = images_BCHW.to(torch.float32) / 255
    if values.shape[1] == 3:
        red, green, blue = values.unbind(1)
        luma_BHW = 0.299 * red + 0.587 * green + 0.114 * blue
        high, low = values.amax(1), values.amin(1)
        saturation = ((high - low) / high.clamp_min(1 / 255)).mean((1, 2))
    else:
        luma_BHW = values[:, 0]
        saturation = torch.zeros(len(values))
    padded = torch.nn.functional.pad(luma_BHW[:, None], (1, 1, 1, 1), mode="replicate")[:, 0]
    around = padded[:, :-2, 1:-1] + padded[:, 2:, 1:-1] + padded[:, 1:-1, :-2] + padded[:, 1:-1, 2:]
    sharpness = (around - 4 * luma_BHW).var((1, 2), correction=0)
    brightness, contrast = luma_BHW.mean((1, 2)), luma_BHW.std((1, 2), correction=0)
    return torch.stack([brightness, contrast, saturation, sharpness], 1)
