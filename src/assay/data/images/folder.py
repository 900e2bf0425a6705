"""An image folder: one folder a class, in folders of parts where there are official ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.data.images.source_parts import Broken, Found
from assay.data.images.store import FileStore
from assay.data.images.walking import Entry, is_named_image, loose_files, printable, subfolders, walk

LABEL = "label"
PARTS = {
    "train": "train", "training": "train",
    "val": "validation", "valid": "validation", "validation": "validation",
    "test": "test", "testing": "test",
}  # fmt: skip
_LAYOUT = "expected is one folder a class, or those in train/, validation/ and test/"
_SHOWN = 5


def read_folder(folder: Path) -> Found:
    """The images of a folder with their classes; no file is opened.

    Raises:
        DataError: no images, an empty class folder, images beside class folders, or parts that are unclear.
    """
    root = folder.resolve()
    try:
        inside, loose = subfolders(root), loose_files(root)
    except OSError as error:
        raise DataError(f"the folder cannot be read ({error.strerror})", where=str(folder)) from error
    name = folder.name or root.name
    images = [file for file in loose if is_named_image(file)]
    if not inside:
        return _without_classes(root, name, images)
    if images:
        raise DataError(
            f"images stand beside the folders: {_listed(images)}",
            hint=f"move them into a class folder; {_LAYOUT}",
            where=name,
        )
    places = _part_folders(root, inside, name)
    notes = _notes(places, inside, loose)
    entries, labels, parts = _classes(root, places, name)
    return _found(name, entries, labels, parts, notes)


def _without_classes(root: Path, name: str, images: list[str]) -> Found:
    if not images:
        raise DataError("the folder holds no images", hint=_LAYOUT, where=name)
    note = f"images stand directly in the folder, so they have no labels ({_LAYOUT})"
    return _found(name, list(walk(root, root)), None, {}, [note])


def _part_folders(root: Path, inside: list[str], name: str) -> dict[str, str]:
    """Folder of each official part; empty where the folders are classes."""
    named = {folder: PARTS[folder.lower()] for folder in inside if folder.lower() in PARTS}
    with_classes = [folder for folder in named if subfolders(root / folder)]
    if not with_classes or (len(named) < len(inside) and len(with_classes) < 2):
        if len(named) == len(inside):
            raise DataError(
                f"{_listed(sorted(named))} could be parts or classes: they hold images and no class folders",
                hint="put one folder a class into each part, or rename the folders if they are classes",
                where=name,
            )
        return {}
    if strangers := [folder for folder in inside if folder not in named]:
        raise DataError(
            f"beside the parts {_listed(sorted(named))} there are other folders: {_listed(strangers)}",
            hint="move them away, or rename the parts if all of them are classes",
            where=name,
        )
    if flat := [folder for folder in named if folder not in with_classes]:
        raise DataError(
            f"the part {flat[0]!r} has no class folders, so its images have no labels",
            hint="move it out of the folder; assay predict works on images without labels",
            where=name,
        )
    places: dict[str, str] = {}
    for folder, part in named.items():
        if part in places:
            raise DataError(f"{places[part]!r} and {folder!r} are both the {part} part", where=name)
        places[part] = folder
    if "train" not in places:
        raise DataError(
            f"there is no training part beside {_listed(inside)}", hint="name it train", where=name
        )
    return {part: places[part] for part in ("train", "validation", "test") if part in places}


def _classes(
    root: Path, places: dict[str, str], name: str
) -> tuple[list[Entry], list[str], dict[str, np.ndarray]]:
    """The files, the class of each, and the row numbers of the parts."""
    entries: list[Entry] = []
    labels: list[str] = []
    parts: dict[str, np.ndarray] = {}
    for part, place in places.items() or {"": ""}.items():
        begin, prefix = len(entries), f"{place}/" if place else ""
        _no_loose_images(root / place, prefix, name)
        for folder in subfolders(root / place):
            label = printable(folder)
            files = list(_class_files(root, place, folder, f"{prefix}{label}/"))
            if not files:
                raise DataError(
                    f"the class folder {prefix + label!r} is empty",
                    hint="remove it, or put its images in",
                    where=name,
                )
            entries += files
            labels += [label] * len(files)
        if place:
            parts[part] = np.arange(begin, len(entries))
    if not parts and len(set(labels)) == 1:
        raise DataError(
            f"there is only one class folder, {labels[0]!r}: there is nothing to tell apart",
            hint=_LAYOUT,
            where=name,
        )
    return entries, labels, parts if len(parts) > 1 else {}


def _class_files(root: Path, place: str, folder: str, prefix: str) -> list[Entry]:
    """The files of a class; the class folder itself may be a link, which is judged like any other."""
    path = root / place / folder
    if path.is_symlink():
        found = [entry for entry in walk(path.parent, root, prefix.rsplit("/", 2)[0] + "/") if entry.refused]
        refused = [entry for entry in found if Path(entry.path) == path]
        if refused:
            return refused
    return list(walk(path, root, prefix, (str(root), str(path.parent))))


def _no_loose_images(folder: Path, prefix: str, name: str) -> None:
    images = [prefix + printable(file) for file in loose_files(folder) if is_named_image(file)]
    if images:
        raise DataError(
            f"images stand beside the class folders: {_listed(images)}",
            hint="move them into a class folder",
            where=name,
        )


def _notes(places: dict[str, str], inside: list[str], loose: list[str]) -> list[str]:
    notes = []
    if loose:
        notes.append(f"files beside the class folders were not looked at: {_listed(loose)}")
    if places:
        notes.append("official parts: " + ", ".join(f"{part} ({place}/)" for part, place in places.items()))
    elif like := [folder for folder in inside if folder.lower() in PARTS]:
        notes.append(f"{_listed(like)} looks like a part and was read as a class, as its neighbours are")
    return notes


def _found(
    name: str, entries: list[Entry], labels: list[str] | None, parts: dict[str, np.ndarray], notes: list[str]
) -> Found:
    """The files that may be opened, with the row numbers of the parts among them."""
    kept = np.array([not entry.refused for entry in entries], dtype=bool)
    place = np.cumsum(kept) - 1
    store = FileStore(
        [entry.name for entry in entries if not entry.refused],
        [entry.path for entry in entries if not entry.refused],
    )
    columns = pl.DataFrame(
        {} if labels is None else {LABEL: [label for label, keep in zip(labels, kept, strict=True) if keep]},
        schema=None if labels is None else {LABEL: pl.String},
    )
    return Found(
        name,
        store,
        columns,
        None if labels is None else LABEL,
        {part: place[rows[kept[rows]]] for part, rows in parts.items()},
        tuple(Broken(entry.name, entry.refused) for entry in entries if entry.refused),
        tuple(notes),
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(printable(name)) for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
