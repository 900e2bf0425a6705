"""Settings that somebody stated, and that mean nothing for these data or this kind of network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assay.core.errors import RecipeError
from assay.core.settings import Settings
from assay.networks.image_builder import settings_of_kind
from assay.networks.image_settings import ImageNetworkSettings
from assay.networks.settings import NetworkSettings
from assay.study.recipe import Recipe, overlay

_OF_TABLES = ("preparation",)
_OF_IMAGES = ("images", "augmentation")
_OF_TEXT = {
    "skip_rows", "sheet", "header", "separator", "encoding", "decimal", "thousands", "missing", "day_first",
}  # fmt: skip
_OF_MACHINE = {"images.workers"}  # one may say it of every run alike, as the device
_OF_EMBEDDING = {
    "bins": {"piecewise"}, "frequencies": {"plr"}, "frequency_scale": {"plr"},
    "number_width": {"piecewise", "plr"},
}  # fmt: skip


@dataclass(frozen=True)
class Unused:
    """A setting without an effect.

    Attributes:
        name: dotted.
        value: that was stated; its default is none of these, since it asks for nothing.
        why: it has none, one clause.
    """

    name: str
    value: Any
    why: str

    def __str__(self) -> str:
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return f"{self.name} = {value!r} has no effect: {self.why}"


def without_unused(asked: Recipe, choices: Mapping[str, Any], *, is_images: bool) -> tuple[Recipe, list[str]]:
    """The recipe without settings that have no effect here, and a sentence on each.

    They are refused where a person has stated them, and left out where a recipe that Assay has written out in
    full is run with other data or another network.

    Args:
        asked: the recipe, choices included.
        choices: what was laid over it.
        is_images: whether the data are images, else a table.

    Raises:
        RecipeError: names those that a person has stated.
    """
    found = list(_unused(asked, is_images))
    chosen = overlay({}, choices)
    stated = [one for one in found if _is_in(chosen, one.name) or not _is_written_out(asked, one.name)]
    if stated:
        raise RecipeError(
            "; ".join(map(str, stated)), hint="leave it out" if len(stated) == 1 else "leave them out"
        )
    for one in found:
        asked = _left_out(asked, one.name)
    return asked, [f"{one}; it is left out" for one in found]


def _unused(asked: Recipe, is_images: bool) -> Iterator[Unused]:
    data, others = ("images", "tables") if is_images else ("a table", "images")
    for section in _OF_TABLES if is_images else _OF_IMAGES:
        for name, value in _stated(getattr(asked, section)):
            if f"{section}.{name}" not in _OF_MACHINE:
                yield Unused(f"{section}.{name}", value, f"it is for {others}, and the data are {data}")
    if is_images:
        for name, value in _stated(asked.read):
            if name in _OF_TEXT:
                yield Unused(f"read.{name}", value, "it is for text files, and the data are images")
    for name, value in _stated(asked.network):
        if why := _no_use(asked.network, name):
            yield Unused(f"network.{name}", value, why)


def _no_use(network: NetworkSettings | ImageNetworkSettings | None, name: str) -> str:
    """Why a kind of network does not look at a setting; "" where it does."""
    if isinstance(network, ImageNetworkSettings):
        if name in settings_of_kind(network.kind):
            return ""
        kinds = [kind for kind in ("cnn", "resnet", "backbone") if name in settings_of_kind(kind)]
        return (
            f"a {network.kind} does not have it; {' and '.join(kinds)} {'has' if len(kinds) == 1 else 'have'}"
        )
    if not isinstance(network, NetworkSettings):
        return ""
    if name == "members" and network.kind != "tabm":
        return f"it is for tabm, and network.kind is {network.kind}"
    kinds = sorted(_OF_EMBEDDING.get(name, ()))
    if kinds and network.number_embedding not in kinds:
        return (
            f"it is for network.number_embedding = {' or '.join(kinds)}, which is {network.number_embedding}"
        )
    return ""


def _stated(settings: Settings | None) -> Iterator[tuple[str, Any]]:
    """The settings of a section that are stated and not as they are anyway."""
    if settings is None:
        return
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if name in settings.model_fields_set and value != type(settings).model_fields[name].default:
            yield name, value


def _is_in(values: Mapping[str, Any], name: str) -> bool:
    section, setting = name.split(".", 1)
    inner = values.get(section)
    return isinstance(inner, Mapping) and setting in inner


def _is_written_out(asked: Recipe, name: str) -> bool:
    """Whether most settings of its section are stated, as no person does."""
    section = getattr(asked, name.split(".", maxsplit=1)[0])
    return 2 * len(section.model_fields_set) > len(type(section).model_fields)


def _left_out(asked: Recipe, name: str) -> Recipe:
    section, setting = name.split(".", 1)
    values = asked.model_dump(exclude_unset=True)
    del values[section][setting]
    return type(asked).checked(values)
