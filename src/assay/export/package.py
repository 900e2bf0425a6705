"""network.aoti.pt2: the program compiled by AOTInductor, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from assay.core.errors import AssayError
from assay.export.compiler import find_compiler

_OPTIONS = {
    "cpp.threads": 1,  # else the number of cores of this machine is compiled in
    "cpp.vec_isa_ok": True,  # what the processor says it can is not tried out first: saves 7 s
    "aot_inductor.precompile_headers": False,  # they are used once here: saves 7 s
    "max_autotune": False,
}
_SHOWN = 1500  # characters of a compiler's complaint


class Compilation:
    """Compiles a program while other work goes on; as a context it ends with its block.

    A process of its own keeps the compiler's threads, caches and messages out of ours.

    Args:
        program: a file of torch.export.save.
        package: the file to write.
    """

    def __init__(self, program: Path, package: Path) -> None:
        self._package = package
        self._cache = tempfile.TemporaryDirectory(prefix="assay-aoti-")
        environment = os.environ | {
            "CXX": find_compiler() or "g++",
            "TORCHINDUCTOR_CACHE_DIR": self._cache.name,
            "TMPDIR": self._cache.name,
            "TORCHINDUCTOR_COMPILE_THREADS": "1",
        }
        self._log = Path(self._cache.name) / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(program), str(package)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
        self._cache.cleanup()

    def finish(self) -> None:
        """Wait until the package is written.

        Raises:
            AssayError: the compiler stopped; with the end of what it said.
        """
        status = self._process.wait()
        if status or not self._package.exists():
            said = " ".join(self._log.read_text(encoding="utf-8", errors="replace").split())[-_SHOWN:]
            raise AssayError(
                f"AOTInductor could not compile the network (exit status {status}): {said}",
                hint="leave it out: --to torchscript,onnx",
                where=self._package.name,
            )


def compile_package(program: Path, package: Path) -> None:
    """Compile a stored program for this kind of processor, and write the package."""
    import torch
    from torch._inductor import aoti_compile_and_package

    aoti_compile_and_package(
        torch.export.load(program), package_path=str(package), inductor_configs=dict(_OPTIONS)
    )


if __name__ == "__main__":
    compile_package(Path(sys.argv[1]), Path(sys.argv[2]))
