"""What tests of the page need: onnxruntime-web, Node, and an exported folder with a page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from assay.bundle.bundle import Bundle
from assay.core.files import write_json
from assay.export.browser import RUNTIME_FILES, write_page
from assay.export.onnx_file import write_onnx
from assay.export.program import exported_program
from assay.export.schema_file import schema_record

HERE = Path(__file__).parent
FETCHED = HERE.parents[1] / ".browser-runtime"  # where `make browser-runtime` puts it
TEMPLATES = HERE.parents[1] / "src/assay/export/templates/browser"


def runtime_folder() -> Path:
    """The folder of onnxruntime-web; where it is absent, the test is skipped."""
    folder = Path(os.environ.get("ONNXRUNTIME_WEB", FETCHED))
    if not all((folder / name).is_file() for name in RUNTIME_FILES):
        pytest.skip("onnxruntime-web is not on this machine: `make browser-runtime` fetches it")
    return folder


def need_node() -> str:
    """Path of Node; where it is absent, the test is skipped."""
    path = shutil.which("node")
    if path is None:
        pytest.skip("Node is not on this machine")
    return path


def export_page(bundle: Bundle, raw: np.ndarray, folder: Path, runtime: Path | None) -> Path:
    """An exported folder that holds no more than the page needs."""
    write_json(folder / "schema.json", schema_record(bundle))
    write_onnx(exported_program(bundle.network, torch.from_numpy(raw[:3])), folder / "network.onnx")
    write_page(bundle, folder / "browser", runtime)
    return folder


def asked(*questions: dict[str, Any]) -> list[Any]:
    """What the page's modules answer in Node; see page_rules.mjs."""
    lines = "\n".join(map(json.dumps, questions))
    command = [need_node(), str(HERE / "page_rules.mjs"), str(TEMPLATES)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
