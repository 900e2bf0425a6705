"""A page: a template filled with values, everything escaped, style inside, nothing fetched."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from assay.reports import numbers
from assay.reports.floor import told

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, **values: Any) -> str:
    """The page of `template` (a name in `templates/`) with `values`."""
    return _environment().get_template(template).render(values)


def sentence(text: Any) -> str:
    """A clause as a sentence: a capital and a full stop; what is none stays empty."""
    words = str(text or "").strip()
    stop = "" if not words or words[-1] in ".!?" else "."
    return words[:1].upper() + words[1:] + stop


@cache
def _environment() -> Environment:
    from jinja2 import ChainableUndefined, Environment, PackageLoader

    environment = Environment(
        loader=PackageLoader("assay.reports", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=ChainableUndefined,  # a study from an older version may lack a field: its place stays empty
    )
    environment.filters |= {
        "number": numbers.number,
        "share": numbers.share,
        "seconds": numbers.seconds,
        "sentence": sentence,
        "ends": numbers.ends,
        "best": numbers.best,
        "metric": numbers.metric_name,
        "better": numbers.better,
        "error": numbers.error_name,
        "told": told,
    }
    environment.tests["known"] = numbers.is_number
    return environment
