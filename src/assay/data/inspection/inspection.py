"""The exploratory pass: looks at every column and row, trains nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.core.finding import Finding
from assay.core.seeds import child_seed
from assay.core.task import Task
from assay.data.inspection.alone import Alone, predictive_power
from assay.data.inspection.codes import CODES, by_importance, need_codes
from assay.data.inspection.column_findings import column_findings
from assay.data.inspection.correlation import Correlation
from assay.data.inspection.page import page
from assay.data.inspection.profile import Profile, profile_columns
from assay.data.inspection.repeated_columns import repeated_columns
from assay.data.inspection.repeated_rows import RepeatedRows, repeated_rows
from assay.data.inspection.row_findings import repeat_findings, row_findings
from assay.data.inspection.target_findings import class_findings, power_findings
from assay.data.inspection.time_order import TimeOrder, time_order
from assay.data.inspection.values import as_written
from assay.data.table import Table, need_table

if TYPE_CHECKING:
    from assay.data.inspection.images import ImageInspection

_SAMPLE_ROWS = 20_000  # for correlations and predictive power: r is known to +- 0.014
_SAMPLE_CELLS = 20_000_000  # 160 MB of numbers


@dataclass(frozen=True, eq=False)
class Inspection:
    """What an exploratory pass saw. It shows itself in a notebook.

    Attributes:
        name: of the table.
        rows: how many.
        task: inferred from the target, or given; None without a target.
        target: the target's name, or None.
        profiles: one for each column, in file order.
        classes: rows by label, the commonest first; empty unless the target is a class.
        power: how well single features predict the target, by name.
        correlation: of the numeric features and target, on a sample of at most 20,000 rows.
        repeated: rows that come up twice.
        time: the rows along the first date column, or None.
        findings: the most important first, muted ones left out.
        notes: what the reader did on the way.
    """

    name: str
    rows: int
    task: Task | None
    target: str | None
    profiles: tuple[Profile, ...]
    classes: dict[str, int]
    power: dict[str, Alone]
    correlation: Correlation
    repeated: RepeatedRows
    time: TimeOrder | None
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """`inspection.json` of the contract, and what the report draws."""
        columns = [self._column(profile) for profile in self.profiles]
        repeated = self.repeated
        return {
            "name": self.name,
            "rows": self.rows,
            "task": self.task,
            "target": self.target,
            "columns": columns,
            "target_summary": next((column for column in columns if column["name"] == self.target), None),
            "classes": {
                label: {"count": count, "share": count / self.rows} for label, count in self.classes.items()
            },
            "findings": [_finding(finding) for finding in self.findings],
            "correlation": self.correlation.to_json(),
            "duplicates": {"rows": repeated.repeats, "share": repeated.repeats / self.rows},
            "conflicts": {
                "rows": repeated.conflicts,
                "share": repeated.conflicts / self.rows,
                "unavoidable_errors": repeated.unavoidable,
            },
            "time": self.time and self.time.to_json(),
            "notes": list(self.notes),
        }

    def _column(self, profile: Profile) -> dict[str, Any]:
        alone = self.power.get(profile.name)
        return {**profile.to_json(), "alone": alone and alone.to_json()}

    def _repr_html_(self) -> str:
        return page(self.to_json())


def inspect(table: Table, *, muted: Sequence[str] = ()) -> Inspection | ImageInspection:
    """Look at a table: kinds, missing values, outliers, balance, repeats, order, giveaways.

    Args:
        table: at least one row; one that shows images is looked at by `inspect_images`.
        muted: codes of findings to leave out.

    Raises:
        DataError: the table has no row or no column.
        RecipeError: a muted code does not exist.
    """
    _check(need_table(table, "inspect"), muted)
    if table.is_images:
        from assay.data.inspection.images import inspect_images

        return inspect_images(table, muted=muted)
    profiles = profile_columns(table)
    sample = _sample(table)
    correlation, power = Correlation.of(_related(sample)), predictive_power(sample)
    repeats = repeated_columns(table.frame, profiles, correlation)
    repeated, time, classes = repeated_rows(table), time_order(table), _classes(table)
    found = [
        *column_findings(profiles),
        *row_findings(len(table), profiles, repeated, time),
        *repeat_findings(repeats),
        *power_findings(power),
        *class_findings(classes),
    ]
    return Inspection(
        name=table.name,
        rows=len(table),
        task=table.task,
        target=table.target.name if table.target else None,
        profiles=profiles,
        classes=classes,
        power=power,
        correlation=correlation,
        repeated=repeated,
        time=time,
        findings=by_importance([finding for finding in found if finding.code not in muted]),
        notes=table.notes,
    )


def _check(table: Table, muted: Sequence[str]) -> None:
    if not len(table) or not table.columns:
        found = "row" if table.columns else "column"
        raise DataError(f"there is no {found} to inspect", where=table.name)
    need_codes(muted)


def _sample(table: Table) -> Table:
    most = min(_SAMPLE_ROWS, max(_SAMPLE_CELLS // len(table.columns), 100))
    if len(table) <= most:
        return table
    drawn = np.random.default_rng(child_seed(0, "inspection")).choice(len(table), most, replace=False)
    return table.take(np.sort(drawn))


def _related(table: Table) -> pl.DataFrame:
    """The columns whose relations matter: features and the target."""
    target = table.target.name if table.target else None
    return table.frame.select(
        column.name for column in table.columns if column.is_feature or column.name == target
    )


def _classes(table: Table) -> dict[str, int]:
    if table.target is None or table.task is None or not table.task.is_classification:
        return {}
    labels = table.frame[table.target.name].drop_nulls().alias("label").to_frame()
    counted = labels.group_by("label").agg(pl.len()).sort(["len", "label"], descending=[True, False])
    return {str(as_written(label)): count for label, count in counted.iter_rows()}


def _finding(finding: Finding) -> dict[str, Any]:
    code = CODES[finding.code]
    return {**finding.to_json(), "title": code.title, "level": code.level.name.lower()}
