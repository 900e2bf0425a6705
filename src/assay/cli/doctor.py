"""`assay doctor`: what is installed, what is missing, and the line that installs it."""

import typer

from assay.cli import options

_NEEDED = ("torch", "numpy", "polars", "fastexcel", "scikit-learn", "pydantic", "safetensors")
_OPTIONAL = {
    **dict.fromkeys(("pandas", "pyarrow"), "pip install 'assay[pandas]'"),
    **dict.fromkeys(("onnx", "onnxruntime", "onnxscript"), "pip install 'assay[export]'"),
}


def doctor(json: options.Json = False) -> None:
    """Say which versions and devices are here, and what is missing.

    Example: assay doctor
    """
    from assay.core.files import to_json

    report = _examine()
    if json:
        typer.echo(to_json(report))
        return
    for name, value in report.items():
        lines = value.items() if isinstance(value, dict) else [("", value)]
        for part, text in lines:
            typer.echo(f"{name:<10}{part:<14}{text}")


def _examine() -> dict[str, object]:
    import os
    import platform
    from importlib.metadata import PackageNotFoundError, version

    import torch

    from assay import __version__
    from assay.export.compiler import HINT, find_compiler

    def installed(name: str, install: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return f"missing: {install}"

    cards = [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
    return {
        "assay": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "cuda": ", ".join(cards) or "no device",
        "needed": {name: installed(name, f"pip install {name}") for name in _NEEDED},
        "optional": {name: installed(name, line) for name, line in _OPTIONAL.items()}
        | {"C++ compiler": find_compiler() or f"missing: {HINT}"},
    }
