"""Image folders for tests."""

from __future__ import annotations

from pathlib import Path

from bad_images import pattern, png


def put(root: Path, *names: str, data: bytes | None = None) -> Path:
    """Write images (or `data`) under these names; each image has other pixels."""
    for number, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(pattern(8, 8, number)) if data is None else data)
    return root


def classes(root: Path, *labels: str, each: int = 3) -> Path:
    """A folder with so many images in each class folder."""
    for label in labels or ("cat", "dog"):
        put(root, *(f"{label}/{label[-1]}{number}.png" for number in range(each)))
    return root
