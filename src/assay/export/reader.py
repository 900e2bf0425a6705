"""Writes predict.py, which predicts from the exported folder with numpy and onnxruntime alone."""

from __future__ import annotations

from pathlib import Path

from assay import __version__
from assay.core.files import write_text
from assay.export.single_file import single_file

READER_FILE = "predict.py"

_ROOTS = ["assay.export.onnx_reader:OnnxModel", "assay.export.onnx_command:main"]
_HEADING = f"""Predicts with network.onnx and schema.json, which stand beside this file: no torch, no Assay.

    pip install numpy onnxruntime          (and pillow, for image files)
    python predict.py rows.csv --out predictions.csv

    from predict import OnnxModel
    model = OnnxModel.load("export")       (the folder of the two files)
    model.predict([[1, "red", None]])      (rows in column order, or dictionaries, or the path of a CSV file)
    model.predict_proba(rows), model.warnings(rows), model.answers(rows)

Written by Assay {__version__}; Apache-2.0. Each part names the module of Assay that it was taken from.
"""
_ENDING = 'if __name__ == "__main__":\n    sys.exit(main())'


def write_reader(folder: Path | str) -> None:
    """Write predict.py into the folder that holds network.onnx and schema.json.

    Raises:
        InputError: the operating system refuses to write.
    """
    write_text(Path(folder) / READER_FILE, single_file(_ROOTS, _HEADING, _ENDING))
