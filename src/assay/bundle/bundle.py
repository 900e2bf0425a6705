"""What is deployed: preparation, network, schema and labels, with its own metrics and diagnosis."""

from __future__ import annotations

import copy
import hashlib
import html
import platform
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import safetensors.torch
import torch
from torch import Tensor, nn

from assay import __version__
from assay.bundle.batches import in_batches
from assay.bundle.deciding import Threshold, decide
from assay.bundle.decision import Decision
from assay.bundle.deployed import Deployed
from assay.bundle.loading import load_parts
from assay.bundle.output import output_module
from assay.bundle.saving import save_folder
from assay.bundle.target_scale import TargetScale
from assay.core.errors import BundleError, DataError
from assay.core.predictions import Predictions, chosen_classes
from assay.core.task import Task
from assay.data.images.images import Images
from assay.data.images.preparation import ImagePreparation
from assay.data.images.schema import ImageSchema
from assay.data.preparation import Preparation
from assay.data.schema import Schema
from assay.data.table import Table
from assay.data.target import Target
from assay.networks import ImageNetwork, Network

_BATCH = 2048  # rows at once: the memory of a prediction does not grow with the file


def load(path: Path | str) -> Bundle:
    """The bundle in a folder, or the one of the study in that folder.

    Raises:
        BundleError: no bundle, one from a newer version, or missing, cut or altered files.
    """
    return Bundle(**load_parts(Path(path)))


class Bundle:
    """A network that takes raw rows or images, with everything that it needs to answer.

    Args:
        preparation: fitted.
        network: trained; copied, so that further training changes nothing here.
        target: labels and task.
        target_scale: for a regression that was trained on a scaled target.
        metrics: of the run, as in metrics.json.
        diagnosis: of the run, as in diagnosis.json.
        versions: of what made it; absent, of what is running.
        decision: calibration and threshold of a classifier; absent, the network's own probabilities.

    Raises:
        BundleError: the network does not fit the preparation or the target.

    Attributes:
        network: a plain `torch.nn.Module` in evaluation mode: raw (N, C) float64 (images: (N, C, H, W) uint8)
            in, float64 out: (N,) values in the user's unit, or (N, K) probabilities.
    """

    def __init__(
        self,
        preparation: Preparation | ImagePreparation,
        network: nn.Module,
        target: Target,
        target_scale: TargetScale | None = None,
        *,
        metrics: dict[str, Any] | None = None,
        diagnosis: dict[str, Any] | None = None,
        versions: dict[str, str] | None = None,
        decision: Decision | None = None,
    ) -> None:
        self.preparation = preparation
        self.target = target
        self.target_scale = target_scale
        self.metrics = metrics or {}
        self.diagnosis = diagnosis or {}
        self.versions = versions or _running_versions()
        self.decision = decision or Decision()
        if len(target.labels) != 2 and (self.decision.shift or self.decision.threshold is not None):
            raise BundleError(f"a threshold is for two classes, and {target.name!r} has {len(target.labels)}")
        own = copy.deepcopy(network).cpu().eval()
        output = output_module(preparation, own, target, target_scale, self.decision)
        self.network = Deployed(preparation, own, output, self.decision.threshold).eval()

    @property
    def schema(self) -> Schema | ImageSchema:
        """The columns that a row needs, or the form of an image."""
        return self.preparation.schema

    @property
    def task(self) -> Task:
        """What is predicted: a quantity or a class."""
        return self.target.task

    @property
    def labels(self) -> tuple[Any, ...]:
        """The classes as the user wrote them, in the order of the probabilities; empty for regression."""
        return self.target.labels

    @property
    def num_parameters(self) -> int:
        """Weights of the network."""
        return sum(parameter.numel() for parameter in self.network.network.parameters())

    @cached_property
    def sha256(self) -> str:
        """Names the bundle: the checksum of its tensors."""
        return hashlib.sha256(self._weights()).hexdigest()

    def described(self, *, metrics: dict[str, Any], diagnosis: dict[str, Any]) -> Bundle:
        """The same bundle with its metrics and diagnosis."""
        return self._changed(metrics=metrics, diagnosis=diagnosis)

    def decided(
        self, validation: Predictions, metric: str, *, threshold: Threshold = "argmax", seed: int = 0
    ) -> Bundle:
        """The same bundle with its probabilities calibrated and, if asked for, a threshold for a metric.

        See `assay.bundle.deciding.decide`. `decision.record` says what it came to, and `decision.apply` turns
        predictions of this bundle into those of the decided one. A quantity has nothing to decide.

        Args:
            validation: this bundle's predictions for validation rows, with their groups or times.
            metric: what a fitted threshold is to be best for.
            threshold: "argmax", or "fit" for two classes.
            seed: of the halves that fit and measure.

        Raises:
            RecipeError: the metric or `threshold` is unknown.
        """
        if not self.task.is_classification:
            return self
        undecided = self.decision.undo(validation)
        return self._changed(decision=decide(undecided, metric, threshold=threshold, seed=seed))

    def _changed(self, **changes: Any) -> Bundle:
        kept: dict[str, Any] = {
            "metrics": self.metrics,
            "diagnosis": self.diagnosis,
            "versions": self.versions,
            "decision": self.decision,
        }
        return Bundle(
            self.preparation, self.network.network, self.target, self.target_scale, **(kept | changes)
        )

    def to(self, device: str | torch.device) -> Self:
        """This bundle, from now on answering on `device`; what is made of it stands on the CPU again."""
        self.network.to(device)
        return self

    def predict(self, source: Any) -> np.ndarray:
        """Predict rows or images.

        Args:
            source: a pandas or polars frame, a `Table`, a 2-D array, or a list of rows or of dictionaries;
                for images a folder, a file, a list of paths, PIL images, arrays or bytes, an array
                (N, H, W, C), or a `Table` of images.

        Returns:
            (N,): for regression float64 in the user's unit, else labels of the user's own type.

        Raises:
            DataError: a column is missing, or a value or an image cannot be read.
        """
        return self.chosen(self.outputs(self.schema.encode(source)))

    def predict_proba(self, source: Any) -> np.ndarray:
        """(N, K) float64 probabilities of the classes, in the order of `labels`.

        Raises:
            DataError: a column is missing or a value cannot be read.
            BundleError: the bundle predicts a quantity.
        """
        if not self.task.is_classification:
            raise BundleError(
                f"{self.target.name!r} is a quantity, which has no probabilities", hint="use predict"
            )
        return self.outputs(self.schema.encode(source))

    def predictions(self, table: Table) -> Predictions:
        """Predictions beside the truth, for metrics and diagnosis.

        Raises:
            DataError: the target is missing, or a value cannot be read.
        """
        if self.target.name not in table.frame.columns:
            raise DataError(f"there is no target column {self.target.name!r}", where=table.name)
        truth = self.target.encode(table.frame[self.target.name])
        output, rows = self.outputs(self.schema.encode(table)), np.arange(len(table))
        threshold = self.decision.threshold
        return Predictions(self.task, truth, output, tuple(map(str, self.labels)), rows, threshold=threshold)

    def outputs(self, raw: np.ndarray | Images) -> np.ndarray:
        """Raw rows or images as `schema.encode` makes them -> (N,) values or (N, K) probabilities, float64.

        Images are decoded batch by batch, so that no more than one batch takes memory.

        Raises:
            DataError: the network's answer to a row is not a finite number.
        """
        place = self.network.threshold.device
        with torch.inference_mode():
            answers = [self.network(batch.to(place)).cpu().numpy() for batch in in_batches(raw, _BATCH)]
        output = np.concatenate(answers)
        finite = np.isfinite(output)
        if not finite.all():
            row = int(np.argwhere(~finite)[0, 0]) + 1
            raise DataError("the network's answer is not a finite number", where=f"row {row}")
        return output

    def chosen(self, output: np.ndarray) -> np.ndarray:
        """What `predict` answers for `outputs`: the values, or the labels that they decide for."""
        if not self.task.is_classification:
            return output
        labels = self.target.decode(chosen_classes(output, self.decision.threshold))
        is_text = any(isinstance(label, str) for label in self.labels)
        return np.array(labels, dtype=object if is_text else np.array(self.labels).dtype)

    def save(self, folder: Path | str) -> None:
        """Write bundle.json and weights.safetensors, whole or not at all; an older bundle there is replaced.

        Raises:
            BundleError: the network is not one of Assay's, or the folder holds something else.
        """
        network = self.network.network
        if not isinstance(network, Network | ImageNetwork):
            raise BundleError(
                f"a bundle cannot rebuild a {type(network).__name__}: it is not one of Assay's networks",
                hint="use assay.networks.MLP, or save bundle.network with torch.export",
            )
        record = {
            "versions": self.versions,
            "target": self.target.to_json(),
            "network": {"kind": network.kind, "layers": network.to_json()},
            "preparation": self.preparation.to_json(),
            "metrics": self.metrics,
            "diagnosis": self.diagnosis,
            "decision": self.decision.record,
        }
        save_folder(Path(folder), record, self._weights())

    def _weights(self) -> bytes:
        scale = self.target_scale
        parts: dict[str, dict[str, Tensor]] = {
            "preparation": self.preparation.state_dict(),
            "network": self.network.network.state_dict(),
            "target_scale": scale.state_dict() if scale else {},
            "decision": self.decision.tensors(),  # none: the checksum of a bundle without one stays as it was
        }
        tensors = {
            f"{name}.{inner}": tensor.detach().cpu().contiguous()
            for name, part in parts.items()
            for inner, tensor in part.items()
        }
        return safetensors.torch.save(tensors)

    def __repr__(self) -> str:
        return f"<Bundle: {', '.join(f'{name} {text}' for name, text in self._lines())}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th><td>{html.escape(text)}</td></tr>"
            for name, text in self._lines()
        )
        return f"<table>{rows}</table>"

    def _lines(self) -> list[tuple[str, str]]:
        lines = [
            ("predicts", f"{self.target.name!r} ({self.task.value})"),
            ("columns", str(len(self.schema))),
            ("parameters", f"{self.num_parameters:,}"),
        ]
        metric = self.metrics.get("metric")
        value = (self.metrics.get("validation") or {}).get(metric)
        if isinstance(value, float):
            lines.append((f"validation {metric}", f"{value:.4g}"))
        verdict = self.diagnosis.get("verdict")
        return [*lines, ("verdict", str(verdict))] if verdict else lines


def _running_versions() -> dict[str, str]:
    return {"assay": __version__, "torch": str(torch.__version__), "python": platform.python_version()}
