"""The study's own files, made from its best run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from assay.core.files import write_json
from assay.reports.study_report import write_study_report
from assay.study.seal import seal_record

if TYPE_CHECKING:
    from assay.study.analysis import Analyst
    from assay.study.runs import Run


def publish(run: Run, analyst: Analyst) -> None:
    """Make a run the study's best: bundle, diagnosis and report; metrics.json, which names it, comes last."""
    start, bench = time.perf_counter(), analyst.bench
    folder, metrics, diagnosis = bench.study.folder, run.metrics, analyst.diagnosis(run)
    bundle = run.bundle.described(metrics=metrics, diagnosis=diagnosis.to_json())
    bundle.save(bench.study.bundle_path)
    write_json(folder / "diagnosis.json", diagnosis.to_json())
    write_json(folder / "metrics.json", metrics | seal_record(bench.split, bundle.sha256))
    write_study_report(folder)
    bench.budget.closing_took(time.perf_counter() - start)
