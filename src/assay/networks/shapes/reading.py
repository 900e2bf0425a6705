"""Layers as people write them: "conv 16 k3 s1 p1"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from assay.core.errors import RecipeError, did_you_mean
from assay.networks.shapes import layers as kinds
from assay.networks.shapes.layers import Layer
from assay.networks.shapes.window import Window

_LARGEST = 10**9
_OPTIONS = {"kernel": "k", "stride": "s", "padding": "p", "dilation": "d", "groups": "g"}
_LEAST = {"k": 1, "s": 1, "p": 0, "d": 1, "g": 1}
_DEFAULTS = {"k": 1, "s": 1, "p": 0, "d": 1}
_OTHER_NAMES = {
    "conv2d": "conv", "maxpool": "pool", "maxpool2d": "pool", "avgpool2d": "avgpool", "dense": "linear",
    "globalavgpool": "globalpool", "batchnorm2d": "batchnorm", "batchnorm1d": "batchnorm", "bn": "batchnorm",
    "swish": "silu",
}  # fmt: skip
_Options = dict[str, tuple[int, int]]


def read_layers(layers: str | Iterable[str]) -> list[str]:
    """The layers one by one; a single text may hold several with commas between them."""
    texts = [layers] if isinstance(layers, str) else list(layers)
    for text in texts:
        if not isinstance(text, str):
            raise RecipeError(f"a layer is a text, and {text!r} is none", hint="e.g. 'conv 16 k3'")
    return [" ".join(part.split()) for text in texts for part in text.split(",") if part.strip()]


def read_layer(text: str) -> Layer:
    """One layer.

    Args:
        text: ``conv 16 k3 s1 p1`` (filters; kernel, stride, padding, dilation d, groups g, ``same``,
            ``nobias``; two numbers as in k3x5 are height and width), ``pool 2``, ``pool 3 s2 p1``,
            ``avgpool 2``, ``globalpool``, ``globalmaxpool``, ``flatten``, ``linear 100``, ``batchnorm``,
            ``dropout 0.2``, ``relu`` and the other activations. ``kernel=3`` is the same as k3.

    Raises:
        RecipeError: an unknown layer or option, a number that is missing or impossible.
    """
    name, *words = text.lower().split() or [""]
    name = _OTHER_NAMES.get(name, name)
    readers = _readers()
    if name not in readers:
        raise RecipeError(
            f"unknown layer {name!r}",
            hint=f"{did_you_mean(name, readers)}; each layer stands in quotes of its own",
        )
    return readers[name](name, words)


def _readers() -> dict[str, Callable[[str, list[str]], Layer]]:
    return {
        "conv": _conv,
        "pool": _pool,
        "avgpool": _pool,
        "globalpool": lambda name, words: _bare(name, words, kinds.GlobalPool()),
        "globalmaxpool": lambda name, words: _bare(name, words, kinds.GlobalPool(average=False)),
        "flatten": lambda name, words: _bare(name, words, kinds.Flatten()),
        "linear": _linear,
        "batchnorm": lambda name, words: _bare(name, words, kinds.BatchNorm()),
        "dropout": _dropout,
        **dict.fromkeys(kinds.ACTIVATIONS, lambda name, words: _bare(name, words, kinds.Pointwise(name))),
    }


def _conv(name: str, words: list[str]) -> Layer:
    filters, rest = _count(name, words, "filters", "conv 16 k3")
    options, flags = _options(name, rest, "kspdg", ("same", "nobias"))
    if "k" not in options:
        raise RecipeError("conv has no kernel size", hint=f"e.g. conv {filters} k3")
    if "same" in flags and (options.get("s", (1, 1)) != (1, 1) or "p" in options):
        raise RecipeError(
            "same keeps the size by its own padding and needs stride 1",
            hint="leave out the stride and the padding, or leave out same",
        )
    groups = options.get("g", (1, 1))[0]
    return kinds.Conv(filters, _windows(options, "same" in flags), groups, "nobias" not in flags)


def _pool(name: str, words: list[str]) -> Layer:
    if words and re.fullmatch(r"\d+(x\d+)?", words[0]):
        words = [f"k{words[0]}", *words[1:]]
    options, _ = _options(name, words, "ksp" if name == "avgpool" else "kspd", ())
    if "k" not in options:
        raise RecipeError(f"{name} has no size", hint=f"e.g. {name} 2")
    windows = _windows({"s": options["k"], **options})
    for window in windows:
        if window.padding > window.kernel // 2:
            raise RecipeError(
                f"a padding of {window.padding} is more than half of the pooling of {window.kernel}",
                hint=f"take p{window.kernel // 2}",
            )
    return kinds.Pool(windows, average=name == "avgpool")


def _linear(name: str, words: list[str]) -> Layer:
    units, rest = _count(name, words, "units", "linear 100")
    _, flags = _options(name, rest, "", ("nobias",))
    return kinds.Linear(units, "nobias" not in flags)


def _dropout(name: str, words: list[str]) -> Layer:
    if len(words) != 1 or not re.fullmatch(r"0?\.\d+|0", words[0]):
        raise RecipeError(
            f"dropout takes one share from 0 to below 1, and gets {' '.join(words) or 'none'}",
            hint="e.g. dropout 0.2",
        )
    return kinds.Pointwise(name, float(words[0]))


def _bare(name: str, words: list[str], layer: Layer) -> Layer:
    _options(name, words, "", ())
    return layer


def _count(name: str, words: list[str], what: str, example: str) -> tuple[int, list[str]]:
    if not words or not re.fullmatch(r"\d{1,10}", words[0]) or not 1 <= int(words[0]) <= _LARGEST:
        found = f"and gets {words[0]!r}" if words else "and gets none"
        raise RecipeError(f"{name} takes first how many {what} it has, {found}", hint=f"e.g. {example}")
    return int(words[0]), words[1:]


def _options(name: str, words: list[str], known: str, flags: tuple[str, ...]) -> tuple[_Options, set[str]]:
    options: _Options = {}
    found: set[str] = set()
    for word in words:
        match = re.fullmatch(r"([a-z]+)=?(\d{1,10})(?:x(\d{1,10}))?", word)
        key = _OPTIONS.get(match[1], match[1]) if match else ""
        if word in flags:
            found.add(word)
        elif match and key in known and len(key) == 1 and not (key == "g" and match[3]):
            if key in options:
                raise RecipeError(f"{name} has {key} twice", hint="leave one out")
            options[key] = int(match[2]), int(match[3] or match[2])
            if not all(_LEAST[key] <= number <= _LARGEST for number in options[key]):
                raise RecipeError(f"{name} has {word}: {key} must be at least {_LEAST[key]}")
        else:
            takes = [f"{key} ({long})" for long, key in _OPTIONS.items() if key in known] + list(flags)
            raise RecipeError(
                f"{name} has no option {word!r}",
                hint=f"it takes {', '.join(takes)}" if takes else f"write {name} alone",
            )
    return options, found


def _windows(options: _Options, same: bool = False) -> tuple[Window, Window]:
    def along(side: int) -> Window:
        kernel, stride, padding, dilation = (
            options.get(key, (default, default))[side] for key, default in _DEFAULTS.items()
        )
        return Window(kernel, stride, padding, dilation, same)

    return along(0), along(1)
