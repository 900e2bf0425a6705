"""The public face: small, lazy, and true."""

import ast
from pathlib import Path

import pytest

import assay

SOURCE = Path(assay.__file__).parent
# What the contract promises to users and other programs.
PROMISED = {"read", "inspect", "split", "Preparation", "networks", "fit", "diagnose", "run", "load", "Study"}


def test_all_is_what_is_there():
    assert len(set(assay.__all__)) == len(assay.__all__)
    assert set(dir(assay)) == set(assay.__all__)
    assert set(assay.__all__) >= PROMISED


@pytest.mark.parametrize("name", assay.__all__)
def test_each_public_name_is_there_and_documented(name):
    value = getattr(assay, name)
    if name != "__version__":
        assert (value.__doc__ or "").strip(), f"assay.{name} has no docstring"


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(AttributeError, match=r"no attribute 'reed'; it has: .*read"):
        assay.reed  # noqa: B018


def test_the_public_file_is_short():
    assert len((SOURCE / "__init__.py").read_text().splitlines()) <= 40


def test_each_room_says_what_it_is_and_exports_what_is_there():
    from importlib import import_module

    for path in sorted(SOURCE.rglob("__init__.py")):
        name = ".".join(["assay", *path.parent.relative_to(SOURCE).parts])
        module = import_module(name)
        assert module.__doc__, f"{name} has no docstring"
        missing = [public for public in getattr(module, "__all__", []) if not hasattr(module, public)]
        assert missing == [], f"{name}.__all__ names what is not there"


def test_no_file_is_called_utils():
    names = {path.stem for path in SOURCE.rglob("*.py")} | {path.name for path in SOURCE.rglob("*/")}
    assert not names & {"utils", "util", "helpers", "misc", "common"}


def test_every_error_belongs_to_the_one_tree():
    tree = ast.parse((SOURCE / "core" / "errors.py").read_text())
    known = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and path.name != "errors.py":
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                assert not bases & (known | {"Exception", "ValueError"}), f"{path}: {node.name}"
