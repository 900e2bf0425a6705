"""The recipe: every choice of a run, typed, composed from the settings of each room."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import field_validator

from assay.core.errors import RecipeError, did_you_mean
from assay.core.settings import Settings, setting
from assay.core.task import Task
from assay.data.images.augmentation.settings import AugmentationSettings
from assay.data.images.settings import ImageSettings
from assay.data.preparation import PreparationSettings
from assay.data.reading import ReadSettings
from assay.data.split import SplitSettings
from assay.diagnosis.floor.settings import FloorSettings
from assay.networks.image_settings import ImageNetworkSettings
from assay.networks.settings import NetworkSettings
from assay.training.settings import TrainingSettings

_OF_BACKBONES = {"backbone", "weights"}  # of the network's settings: who states one wants that kind
Imbalance = Literal["none", "class_weights", "over", "under"]
Threshold = Literal["argmax", "fit"]


class RemedySettings(Settings):
    """How remedies are tried and compared."""

    seeds: int = setting(
        3,
        "trainings of each recipe that is compared, from different first weights",
        "two trainings of one recipe differ too; three show by how much",
        ge=2,
    )
    screened: int = setting(
        6, "remedies of a round that are tried in short trainings", "the most promising ones", ge=1
    )
    compared: int = setting(
        2, "remedies of a round that are then trained in full", "those that did best in short trainings", ge=1
    )


class Recipe(Settings):
    """Every choice of a run: `Recipe.load` reads a TOML file, `assay.run` takes the same names."""

    data: str | None = setting(None, "the data file; absent when the rows came from memory")
    target: str | int | None = setting(None, "the column to predict")
    seed: int = setting(
        0, "names every random choice of the run", "any number will do; it is written down", ge=0
    )
    metric: str = setting(
        "auto",
        "what the error is made of",
        "accuracy for classes (error = 1 - accuracy), RMSE for quantities",
    )
    bayes_error: float | None = setting(
        None, "the lowest error that anyone can reach (human-level or contractual), if you know it", ge=0
    )
    rounds: int = setting(
        3,
        "how often remedies are proposed, tried and compared after the first training; 0: one training",
        "most of what remedies can do, they do in the first ones",
        ge=0,
    )
    budget: str | None = setting(
        None, "time for the run, remedies included, e.g. 10m; absent: as long as it takes"
    )
    goal: str | None = setting(
        None, "what is good enough on validation rows, e.g. accuracy=0.8; absent: the floor is the goal"
    )
    device: str = setting("auto", "auto, cpu, cuda or cuda:N", "a GPU when torch sees one")
    imbalance: Imbalance = setting(
        "none",
        "what is done about rare classes, on training rows only: none, class_weights, over, under",
        "weights and resampling bend the probabilities; rank and calibration are best without",
    )
    threshold: Threshold = setting(
        "argmax",
        "which of two classes is the answer: argmax (the more probable one), or fit (from the probability on "
        "that is best for the metric on validation rows)",
        "with calibrated probabilities the more probable class is right most often",
    )
    recency: float | None = setting(
        None,
        "share of the training rows' time span in which a row's weight halves; absent: all count alike",
        gt=0,
    )
    learning_curve: bool | None = setting(
        None,
        "train on parts of the training rows too, to say what more rows would buy; absent: for a table yes, "
        "for images where the training took at most a minute",
        "it costs about as much time as the training, and tells whether collecting rows is worth it",
    )
    mute: tuple[str, ...] = setting((), "codes of findings and leaks that you know and don't want to see")
    floor: FloorSettings = setting(FloorSettings(), "how the lowest reachable error is estimated")
    read: ReadSettings = setting(ReadSettings(), "how the file is read")
    split: SplitSettings = setting(SplitSettings(), "how the rows are divided")
    preparation: PreparationSettings = setting(PreparationSettings(), "what is done to the columns")
    images: ImageSettings = setting(ImageSettings(), "how images are read")
    augmentation: AugmentationSettings | None = setting(
        None,
        "how training images are varied; absent: rules of thumb choose, with reasons",
    )
    network: NetworkSettings | ImageNetworkSettings | None = setting(
        None, "the layers; absent: rules of thumb choose, with reasons"
    )
    training: TrainingSettings = setting(TrainingSettings(), "how the network is fitted")
    remedies: RemedySettings = setting(RemedySettings(), "how remedies are tried and compared")

    @field_validator("network", mode="before")
    @classmethod
    def _of_its_kind(cls, value: Any) -> Any:
        """The settings of a network for tables or for images, so that a mistake is named in those alone."""
        if not isinstance(value, Mapping):
            return value
        if "kind" not in value and _OF_BACKBONES & set(value):
            value = {**value, "kind": "backbone"}
        return _network_settings(value).model_validate(value)

    @field_validator("mute")
    @classmethod
    def _codes(cls, mute: tuple[str, ...]) -> tuple[str, ...]:
        if not mute:
            return mute  # the codes of leaks are dear to import
        from assay.data.inspection.codes import CODES
        from assay.diagnosis.leaks.codes import TITLES

        for code in mute:
            if code not in CODES and code not in TITLES:
                hint = did_you_mean(code, [*CODES, *TITLES])
                raise ValueError(f"{code!r} is no code of a finding or a leak ({hint})")
        return mute

    @classmethod
    def load(cls, path: Path | str, changes: Mapping[str, Any] | None = None) -> Self:
        """The recipe of a TOML file, with `changes` (dotted or nested names) laid over it.

        Raises:
            RecipeError: no such file, not TOML, unknown or impossible settings (all named together).
        """
        source = Path(path)
        try:
            values = tomllib.loads(source.read_text(encoding="utf-8-sig"))
        except FileNotFoundError as error:
            raise RecipeError("there is no such recipe", where=str(source)) from error
        except (UnicodeDecodeError, IsADirectoryError, PermissionError) as error:
            raise RecipeError("the recipe cannot be read as UTF-8 text", where=str(source)) from error
        except tomllib.TOMLDecodeError as error:
            raise RecipeError(f"not valid TOML: {error}", where=str(source)) from error
        return cls.checked(overlay(values, changes or {}), where=str(source))

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """This recipe with `changes` laid over it."""
        return self.checked(overlay(self.model_dump(exclude_unset=True), changes))

    def metric_for(self, task: Task) -> str:
        """The metric's name with `auto` resolved."""
        if self.metric != "auto":
            return self.metric
        return "accuracy" if task.is_classification else "rmse"


def _network_settings(values: Mapping[str, Any]) -> type[Settings]:
    """By the kind that is stated; without one, images only where a name says so that tables don't have."""
    if "kind" in values:
        kinds, of_tables = (
            get_args(settings.model_fields["kind"].annotation)
            for settings in (ImageNetworkSettings, NetworkSettings)
        )
        if values["kind"] not in {*kinds, *of_tables}:
            hint = did_you_mean(str(values["kind"]), [*of_tables, *kinds])
            raise ValueError(f"there is no network of the kind {values['kind']!r} ({hint})")
        return ImageNetworkSettings if values["kind"] in kinds else NetworkSettings
    of_images = set(ImageNetworkSettings.model_fields) - set(NetworkSettings.model_fields)
    return ImageNetworkSettings if of_images & set(values) else NetworkSettings


def overlay(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Nested settings with others laid over them; ``"a.b"`` and ``{"a": {"b": ...}}`` name the same one.

    Raises:
        RecipeError: a dotted name goes through something that holds no settings.
    """
    result = dict(values)
    for name, value in changes.items():
        nested: Any = value.model_dump(exclude_unset=True) if isinstance(value, Settings) else value
        head, *inner = str(name).split(".")
        for part in reversed(inner):
            nested = {part: nested}
        result[head] = _merged(result.get(head), nested, where=str(name))
    return result


def _merged(old: Any, new: Any, where: str) -> Any:
    if not isinstance(new, Mapping):
        return new
    if old is not None and not isinstance(old, Mapping):
        raise RecipeError(f"{old!r} holds no settings of its own", where=where)
    merged = dict(old or {})
    for name, value in new.items():
        merged[name] = _merged(merged.get(name), value, where)
    return merged
