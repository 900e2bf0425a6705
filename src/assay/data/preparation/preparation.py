"""The preparation: raw rows in, inputs of a network out; fitted on training rows, kept as plain tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from assay.core.errors import DataError
from assay.data.preparation.categories import Booleans, Codes, Indicators, OneHot
from assay.data.preparation.dates import Cycles, Trend
from assay.data.preparation.filling import Filling
from assay.data.preparation.fit import (
    Bounds,
    build_filling,
    build_regression,
    check_names,
    drop_bounds,
    fit_columns,
    kept,
    nonempty_groups,
)
from assay.data.preparation.numbers import Quantiles, Scaled
from assay.data.preparation.part import Part
from assay.data.preparation.regression import Regression
from assay.data.preparation.settings import PreparationSettings
from assay.data.preparation.steps import describe, left_out
from assay.data.schema import Schema
from assay.data.table import Table, need_table

_ROWS_AT_ONCE = 8192  # the steps in between stay in the processor's cache
_GROUPS: dict[str, type[Part]] = {
    "scaled": Scaled,
    "quantiles": Quantiles,
    "booleans": Booleans,
    "cycles": Cycles,
    "trend": Trend,
    "one_hot": OneHot,
    "indicators": Indicators,
    "codes": Codes,
}
# Booleans that the quantiles' search answers as well: that saves calls, and costs a search for each value.
_MOST_JOINED = 4


class Preparation(nn.Module):
    """Fills, bounds, scales and encodes raw rows. Make one with `Preparation.fit`.

    It traces, scripts and exports. All fitted numbers are buffers; `to_json` and `state_dict` restore it.

    Attributes:
        schema: the C raw columns.
        settings: the choices it was fitted with.
        names: of the P outputs.
        cardinalities: for each of the last outputs, which are integer codes, the number of codes with 0.
        steps: what was done to each column and why: `{"column", "did", "because"}`.
    """

    __jit_unused_properties__ = ("num_inputs", "num_outputs")

    def __init__(
        self,
        filling: Filling,
        regression: Regression | None,
        groups: Mapping[str, nn.Module],
        *,
        schema: Schema,
        settings: PreparationSettings,
        names: Sequence[str],
        cardinalities: Sequence[int],
        steps: Sequence[dict[str, str]],
        bounds: Bounds,
    ) -> None:
        super().__init__()
        self.filling = filling
        self.regression = regression
        self.groups = nn.ModuleDict(groups)
        self.joins_booleans = _joins(groups)
        self.schema = schema
        self.settings = settings
        self.names = tuple(names)
        self.cardinalities = tuple(cardinalities)
        self.steps = list(steps)
        self._bounds = bounds
        self.derive()
        self.register_load_state_dict_post_hook(_derive_again)  # type: ignore[no-untyped-call]
        self.eval()  # nothing in it learns

    @classmethod
    def fit(cls, table: Table, settings: PreparationSettings | None = None, **choices: Any) -> Self:
        """Fit to a table of training rows.

        Args:
            table: the training rows and no others.
            settings: the choices; `choices` are single ones by name, laid over them.

        Raises:
            RecipeError: an unknown setting or column.
            DataError: no row, no feature, or values that cannot have their column's kind.
        """
        need_table(table, "Preparation.fit")
        given = settings.model_dump(exclude_unset=True) if settings else {}
        settings = PreparationSettings.checked(given | choices, where="preparation")
        check_names(settings, table)
        if not len(table):
            raise DataError("there are no training rows to fit the preparation to", where=table.name)
        schema = Schema.of(table)
        raw_NC = schema.encode(table)
        bounds = drop_bounds(schema, raw_NC, settings)
        if bounds:
            raw_NC = raw_NC[kept(schema, raw_NC, bounds)]
        columns = fit_columns(schema, raw_NC, settings)
        groups = nonempty_groups(columns)
        return cls(
            build_filling(columns),
            build_regression(columns, raw_NC),
            {name: group.module for name, group in groups.items()},
            schema=schema,
            settings=settings,
            names=[name for group in groups.values() for name in group.names],
            cardinalities=[len(column.column.codes) + 1 for column in columns if column.form == "codes"],
            steps=[*(describe(column, settings, bounds) for column in columns), *left_out(table)],
            bounds=bounds,
        )

    @property
    def num_inputs(self) -> int:
        """C, the number of raw columns."""
        return len(self.schema)

    @property
    def num_outputs(self) -> int:
        """P, the number of inputs that a network gets."""
        return len(self.names)

    def forward(self, raw_NC: Tensor) -> Tensor:
        """Prepare a raw matrix as `Schema.encode` makes it.

        Args:
            raw_NC: (N, C) float64; float32 holds every number but a date, which it rounds to minutes.

        Returns:
            (N, P) float32, always finite; the last `len(cardinalities)` columns are integer codes.
        """
        filled_NC, missing_NC = self.filling(raw_NC.to(torch.float64))
        if self.regression is not None:
            filled_NC = self.regression(filled_NC, missing_NC)
        outputs = []
        for name, group in self.groups.items():
            if not (self.joins_booleans and name == "booleans"):  # the quantiles' search has answered these
                outputs.append(group(filled_NC, missing_NC))
        return outputs[0] if len(outputs) == 1 else torch.cat(outputs, dim=1)

    @torch.jit.unused
    def derive(self) -> None:
        """Work out what the parts keep beside their fitted numbers; loading a state does it again."""
        if any(
            tensor.is_meta for tensor in self.state_dict().values()
        ):  # a form, whose numbers are loaded next
            return
        self.filling.derive()
        parts = dict(self.groups.items())
        for part in parts.values():
            if isinstance(part, Part):
                part.derive(self.num_inputs)
        quantiles, booleans = parts.get("quantiles"), parts.get("booleans")
        if self.joins_booleans and isinstance(quantiles, Quantiles) and isinstance(booleans, Booleans):
            quantiles.join(booleans)

    @torch.jit.unused
    def prepare(self, source: Any) -> Tensor:
        """(N, P) float32 of anything that `Schema.encode` takes."""
        raw_NC = torch.from_numpy(self.schema.encode(source))
        with torch.no_grad():
            return torch.cat([self(rows) for rows in torch.split(raw_NC, _ROWS_AT_ONCE)])

    @torch.jit.unused
    def kept_rows(self, table: Table) -> np.ndarray:
        """Positions of the training rows to train on: all of them, unless outliers are dropped."""
        if not self._bounds:
            return np.arange(len(table))
        return kept(self.schema, self.schema.encode(table), self._bounds)

    @torch.jit.unused
    def to_json(self) -> dict[str, Any]:
        """All but the tensors; with `state_dict` it restores the preparation exactly."""
        return {
            "schema": self.schema.to_json(),
            "settings": self.settings.model_dump(mode="json"),
            "names": list(self.names),
            "cardinalities": list(self.cardinalities),
            "steps": self.steps,
            "bounds": {name: list(ends) for name, ends in self._bounds.items()},
            "tensors": {
                name: {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape)}
                for name, tensor in self.state_dict().items()
            },
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The preparation that `to_json` wrote, to be filled by `load_state_dict`."""
        empty: dict[str, dict[str, Tensor]] = {}
        for path, tensor in values["tensors"].items():
            owner, _, name = path.rpartition(".")
            dtype = getattr(torch, tensor["dtype"])
            empty.setdefault(owner, {})[name] = torch.zeros(tensor["shape"], dtype=dtype)
        groups = {
            name: kind(**empty[f"groups.{name}"])
            for name, kind in _GROUPS.items()
            if f"groups.{name}" in empty
        }
        return cls(
            Filling(**empty["filling"]),
            Regression(**empty["regression"]) if "regression" in empty else None,
            groups,
            schema=Schema.from_json(values["schema"]),
            settings=PreparationSettings.checked(values["settings"]),
            names=values["names"],
            cardinalities=values["cardinalities"],
            steps=values["steps"],
            bounds={name: (low, high) for name, (low, high) in values["bounds"].items()},
        )


def _joins(groups: Mapping[str, nn.Module]) -> bool:
    """Whether booleans stand behind quantiles, as neighbours in the output, and are few."""
    booleans = groups.get("booleans")
    return "quantiles" in groups and isinstance(booleans, Booleans) and len(booleans.index) <= _MOST_JOINED


def _derive_again(preparation: nn.Module, _: Any) -> None:
    """The hook that follows loading; a method would tie every copy to the first."""
    if isinstance(preparation, Preparation):
        preparation.derive()
