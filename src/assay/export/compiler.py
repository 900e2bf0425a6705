"""The C++ compiler of this machine."""

from __future__ import annotations

import os
import shutil

HINT = "install one, e.g. `apt install g++` or `xcode-select --install`, or name it in CXX"


def find_compiler() -> str | None:
    """Path of the compiler that `CXX` names, else of g++ or clang++; None where there is none."""
    named = os.environ.get("CXX")
    return next(filter(None, map(shutil.which, [named] if named else ["g++", "clang++"])), None)


def missing_compiler() -> str:
    """Why nothing can be compiled, one clause; empty where it can."""
    if find_compiler():
        return ""
    named = os.environ.get("CXX")
    return f"there is no C++ compiler {named} (named in CXX)" if named else "there is no g++ or clang++"
