"""Parquet and Arrow files, which carry their own types."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from assay.core.errors import DataError
from assay.data.reading.formats import Format
from assay.data.reading.raw import Place, Raw


def read_arrow(path: Path, form: Format) -> Raw:
    """Read a Parquet file, an Arrow (IPC, Feather 2) file, or an Arrow stream.

    Raises:
        DataError: the file is damaged or cut off, or holds no rows.
    """
    try:
        if form is Format.PARQUET:
            frame = pl.read_parquet(path, glob=False)
        elif form is Format.ARROW:
            frame = pl.read_ipc(path)
        else:
            frame = pl.read_ipc_stream(path)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise DataError(
            f"the {form} file is damaged or cut off ({str(error).splitlines()[0]})", where=path.name
        ) from error
    return Raw(frame, Place(path.name))
