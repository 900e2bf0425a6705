"""One Python file of some functions and all that they need, taken from the modules that they stand in.

What reads raw rows without torch and polars is so the code that reads them within Assay, and no second copy
that could differ. A definition is taken whole, with its comments; what nothing needs stays behind.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

_PACKAGE = "assay"
_ALLOWED = sys.stdlib_module_names | {"numpy", "onnxruntime", "PIL"}
_Reference = tuple[str, str]  # a module of the package, and a name in it


@dataclass
class _Source:
    """A module's text: its definitions by name, in order, and where its other names come from."""

    lines: list[str]
    definitions: dict[str, ast.stmt] = field(default_factory=dict)
    own: dict[str, _Reference] = field(default_factory=dict)
    others: dict[str, tuple[str, str | None, str]] = field(default_factory=dict)  # module, name, as

    def text(self, node: ast.stmt) -> str:
        """A definition with its decorators and the comments right above it."""
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1
        while first and self.lines[first - 1].startswith("#"):
            first -= 1
        return "\n".join(self.lines[first : node.end_lineno])


def single_file(roots: list[str], heading: str, ending: str) -> str:
    """The text of a Python file that holds some definitions of Assay's and all that they need.

    Args:
        roots: what is wanted, as "module:name".
        heading: the file's docstring.
        ending: statements after the last definition.

    Raises:
        ValueError: a definition needs a library that is not allowed.
    """
    gathered = _Gathered()
    for root in roots:
        module, _, name = root.partition(":")
        gathered.take((module, name))
    return gathered.text(heading, ending)


class _Gathered:
    def __init__(self) -> None:
        self.sources: dict[str, _Source] = {}
        self.taken: dict[str, set[str]] = {}
        self.imports: set[tuple[str, str | None, str]] = set()

    def take(self, reference: _Reference) -> None:
        """Take a definition and all that it needs."""
        module, name = reference
        source = self._source(module)
        if name in source.own:
            self.take(source.own[name])
            return
        if name not in source.definitions:
            raise ValueError(f"{module} defines no {name}")
        if name in self.taken.setdefault(module, set()):
            return
        self.taken[module].add(name)
        node = source.definitions[name]
        needed, mentioned = _names(node)
        for other in sorted(needed):
            self._take_name(module, source, other)
        for other in sorted(mentioned - needed):  # in annotations, which nobody evaluates
            if other in source.others and _top(source.others[other]) in _ALLOWED:
                self.imports.add(source.others[other])

    def _take_name(self, module: str, source: _Source, name: str) -> None:
        if name in source.definitions:
            self.take((module, name))
        elif name in source.own:
            self.take(source.own[name])
        elif name in source.others:
            found = source.others[name]
            if _top(found) not in _ALLOWED:
                raise ValueError(f"{module} needs {found[0]}, which the file must do without")
            self.imports.add(found)

    def _source(self, module: str) -> _Source:
        if module not in self.sources:
            self.sources[module] = _read(module)
        return self.sources[module]

    def text(self, heading: str, ending: str) -> str:
        """All that was taken, module by module, the needed ones first, each in its own order."""
        order = self._order()
        renamed = self._renamed(order)
        parts = [f'"""{heading}"""', "from __future__ import annotations", "\n".join(self._import_lines())]
        for module in order:
            source = self.sources[module]
            parts.append(f"# {module}")
            for name, node in source.definitions.items():
                if name in self.taken[module]:
                    parts.append(_with_names(source.text(node), renamed[module]))
        parts.append(ending)
        return "\n\n\n".join(parts) + "\n"

    def _order(self) -> list[str]:
        """The modules of which something was taken, after those that they import."""
        order: dict[str, None] = {}

        def visit(module: str) -> None:
            if module not in order and module in self.sources:
                for needed, _ in self.sources[module].own.values():
                    visit(needed)
                order[module] = None

        for module in self.taken:
            visit(module)
        return [module for module in order if module in self.taken]

    def _renamed(self, order: list[str]) -> dict[str, dict[str, str]]:
        """New names, by the module in which they are used, for names that stand in several modules."""
        homes: dict[str, list[str]] = {}
        for module in order:
            for name in sorted(self.taken[module]):
                homes.setdefault(name, []).append(module)
        renamed: dict[str, dict[str, str]] = {module: {} for module in order}
        for name, modules in homes.items():
            for home in modules[1:]:
                path = home.removeprefix(f"{_PACKAGE}.").replace(".", "_")
                for user in order:
                    if user == home or self.sources[user].own.get(name) == (home, name):
                        renamed[user][name] = f"_{path}_{name.lstrip('_')}"
        return renamed

    def _import_lines(self) -> Iterator[str]:
        for module in sorted({module for module, name, alias in self.imports if name is None}):
            for alias in sorted({a for m, name, a in self.imports if m == module and name is None}):
                yield f"import {module}" + ("" if alias == module.partition(".")[0] else f" as {alias}")
        for module in sorted({module for module, name, _ in self.imports if name is not None}):
            names = sorted({(name, alias) for m, name, alias in self.imports if m == module and name})
            said = ", ".join(name if name == alias else f"{name} as {alias}" for name, alias in names)
            yield f"from {module} import {said}"


def _read(module: str) -> _Source:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ValueError(f"there is no module {module}")
    text = Path(spec.origin).read_text(encoding="utf-8")
    source = _Source(text.splitlines())
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                source.others[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name, None, alias.asname or alias.name.partition(".")[0],
                )  # fmt: skip
        elif isinstance(node, ast.ImportFrom) and node.module and node.module != "__future__":
            for alias in node.names:
                known_as = alias.asname or alias.name
                if node.module.partition(".")[0] == _PACKAGE:
                    source.own[known_as] = (node.module, alias.name)
                else:
                    source.others[known_as] = (node.module, alias.name, known_as)
        else:
            source.definitions.update(dict.fromkeys(_defined(node), node))
    return source


def _defined(node: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


def _names(node: ast.stmt) -> tuple[set[str], set[str]]:
    """The names that a definition needs when it runs, and those that its annotations mention.

    Raises:
        ValueError: it imports a part of Assay where it stands.
    """
    annotations = [part.annotation for part in ast.walk(node) if isinstance(part, ast.arg | ast.AnnAssign)]
    annotations += [part.returns for part in ast.walk(node) if isinstance(part, ast.FunctionDef)]
    left_out = {id(inner) for note in annotations if note is not None for inner in ast.walk(note)}
    needed: set[str] = set()
    mentioned: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.ImportFrom) and (part.module or "").partition(".")[0] == _PACKAGE:
            raise ValueError(f"{part.module} is imported inside of a definition")
        if isinstance(part, ast.Name):
            (mentioned if id(part) in left_out else needed).add(part.id)
    return needed, mentioned


def _top(found: tuple[str, str | None, str]) -> str:
    return found[0].partition(".")[0]


def _with_names(text: str, renamed: dict[str, str]) -> str:
    for old, new in renamed.items():
        text = re.sub(rf"(?<![\w.]){re.escape(old)}\b", new, text)
    return text
