"""The page of a study: what came in, what was done to it, what came out, and how far the numbers hold."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from markupsafe import Markup

from assay.core.errors import BundleError
from assay.core.files import read_json, read_jsonl, write_text
from assay.reports.column_card import column_card
from assay.reports.confusion import confused_pairs, confusion_rows
from assay.reports.curves import learning_rate, loss_curves
from assay.reports.deployments import deployments
from assay.reports.errors import errors_section
from assay.reports.findings import finding_groups
from assay.reports.floor import estimates, floor_methods
from assay.reports.gaps import gaps
from assay.reports.learning_curve import learning_curve
from assay.reports.page import render
from assay.reports.reliability import reliability
from assay.reports.remedies import remedies
from assay.reports.residuals import residual_histogram, residual_spread, truth_by_prediction
from assay.reports.roc import roc
from assay.reports.steps import error_interval
from assay.reports.thumbnails import Embedded, augmented, class_rows
from assay.reports.verdict import verdict_sentence

Record = dict[str, Any]


def write_study_report(study_folder: Path) -> Path:
    """Write `report.html` from the study's other files; whole or not at all.

    Args:
        study_folder: holds at least metrics.json; what else is missing leaves its place empty.

    Returns:
        the page's path.

    Raises:
        BundleError: metrics.json is missing, or a file is not JSON.
    """
    folder = Path(study_folder)
    metrics = _record(read_json(folder / "metrics.json", BundleError))
    diagnosis = _optional(folder / "diagnosis.json")
    page = render(
        "study.html.j2",
        source=_source(folder),
        metrics=metrics,
        diagnosis=diagnosis,
        recipe=_text(folder / "runs" / str(metrics.get("run", "001")) / "recipe.toml")
        or _text(folder / "recipe.toml"),
        versions=_versions(folder),
        **_judged(diagnosis),
        **_to_do(folder, diagnosis),
        **_found(folder, metrics),
        **_made(folder, metrics),
    )
    write_text(folder / "report.html", page)
    return folder / "report.html"


def _judged(diagnosis: Record) -> Record:
    """The verdict and what it stands on."""
    leaks = [leak for leak in diagnosis.get("leaks") or [] if isinstance(leak, dict)]
    return {
        "verdict": verdict_sentence(diagnosis),
        "gaps": gaps(diagnosis),
        "validation_error": error_interval(diagnosis, "validation"),
        "estimates": estimates(diagnosis),
        "floor_methods": floor_methods(diagnosis),
        "alarms": [leak for leak in leaks if leak.get("level", "serious") == "serious"],
    }


def _to_do(folder: Path, diagnosis: Record) -> Record:
    """What was tried, and what more rows would buy."""
    ledger, curve = read_jsonl(folder / "ledger.jsonl"), _optional(folder / "learning_curve.json")
    stopped = _optional(folder / "improvement.json").get("ended")
    return {
        "ledger": ledger,
        "remedies": remedies(ledger, diagnosis.get("metric"), stopped),
        "curve": curve,
        "curve_picture": learning_curve(curve),
    }


def _found(folder: Path, metrics: Record) -> Record:
    """What came in, where the errors are, and how good the network is."""
    inspection, split = _optional(folder / "inspection.json"), _optional(folder / "split.json")
    embedded, shown = Embedded(folder), _optional(folder / "thumbnails.json")
    errors = Markup(errors_section(_optional(folder / "errors.json"), embedded))  # a template: it is escaped
    changes, classes = augmented(shown, embedded), class_rows(shown, embedded)
    exported = deployments(folder)
    return {
        "sections": _sections(has_errors=bool(errors), has_deployments=bool(exported)),
        "deployments": exported,
        "errors": errors,
        "changes": changes,
        "class_images": classes,
        "left_out": embedded.left_out,
        "inspection": inspection,
        "findings": finding_groups(inspection.get("findings") or []),
        "columns": [
            column_card(column, inspection.get("rows")) for column in inspection.get("columns") or []
        ],
        "split": split,
        "openings": _openings(split),
        "pictures": _pictures(metrics, str(inspection.get("target") or "the target")),
        "calibration": _record(metrics.get("calibration")),
    }


def _made(folder: Path, metrics: Record) -> Record:
    """Preparation and training."""
    run = folder / "runs" / str(metrics.get("run", "001"))
    history = [record for record in read_jsonl(run / "history.jsonl") if isinstance(record, dict)]
    return {
        "steps": _grouped(_record(metrics.get("made")).get("preparation") or []),
        "history": history,
        "curves": _curves(history, metrics.get("best_epoch")),
    }


def _sections(*, has_errors: bool, has_deployments: bool) -> list[tuple[str, str]]:
    """Anchors and names, in the page's order."""
    where = [("where", "Errors")] if has_errors else []
    names = ["metrics", "data", "split", "preparation", "network", "training"]
    names += ["deployments", "recipe"] if has_deployments else ["recipe"]
    return [("next", "What to do"), ("gaps", "Gaps"), *where, *((name, name.capitalize()) for name in names)]


def _record(value: Any) -> Record:
    return value if isinstance(value, dict) else {}


def _optional(path: Path) -> Record:
    return _record(read_json(path, BundleError)) if path.exists() else {}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _source(folder: Path) -> str:
    path = _optional(folder / "source.json").get("path")
    return Path(str(path)).name if path else ""


def _versions(folder: Path) -> Record:
    return _record(_optional(folder / "bundle" / "bundle.json").get("versions"))


def _openings(split: Record) -> list[Record]:
    """Every opening of the seal: split.json is its one record."""
    return _record(split.get("seal")).get("opened") or []


def _grouped(steps: list[Record]) -> list[Record]:
    """Steps that were done for the same reason to several columns, as one."""

    def key(step: Record) -> tuple[str, str]:
        return str(step.get("did") or ""), str(step.get("because") or "")

    order = {key(step): position for position, step in reversed(list(enumerate(steps)))}
    ranked = sorted(steps, key=lambda step: order[key(step)])
    return [
        {
            "did": did,
            "because": because,
            "columns": [step.get("column") for step in same if step.get("column")],
        }
        for (did, because), same in groupby(ranked, key)
    ]


def _curves(history: list[Record], best_epoch: Any) -> Record:
    return {"loss": loss_curves(history, best_epoch), "rate": learning_rate(history)}


def _pictures(metrics: Record, target: str) -> Record:
    """What is drawn of the validation rows, by the task."""
    curves, residuals = _record(metrics.get("curves")), _record(metrics.get("residuals"))
    calibrated = _record(_record(metrics.get("calibration")).get("curves"))
    counts = metrics.get("confusion") or []
    given = metrics.get("labels") or []
    labels = [str(label) for label in (given if len(given) == len(counts) else range(len(counts)))]
    counted = _record(residuals.get("histogram"))
    return {
        "confusion": confusion_rows(counts, labels),
        "confused": confused_pairs(counts, labels),
        "labels": labels,
        "roc": roc(curves.get("roc") or []),
        "roc_labels": [str(one.get("label")) for one in curves.get("roc") or []][:5],
        "reliability": reliability(
            calibrated.get("after") or curves.get("calibration") or [], before=calibrated.get("before") or []
        ),
        "reliability_before": bool(calibrated.get("before")),
        "truth": truth_by_prediction(residuals.get("points") or [], target),
        "spread": residual_spread(residuals.get("by_prediction") or []),
        "residuals": residual_histogram(counted.get("counts") or [], counted.get("edges") or []),
        "outside": (counted.get("below") or 0) + (counted.get("above") or 0),
    }
