"""The page's style: contrast by WCAG 2.2, and a page made without heavy libraries."""

import re
import subprocess
import sys
from importlib.resources import files

import pytest
from example_studies import write_study

CSS = files("assay.reports").joinpath("templates", "report.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.S)
)


def luminance(colour: str) -> float:
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card", "shade"])
def test_words_have_contrast(theme, ground):
    for colour in ("ink", "soft", "gold", "bad"):
        assert contrast(theme[colour], theme[ground]) >= 4.5, colour


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_have_contrast(theme):
    for colour in ("train", "validation", "mismatch", "test", "floor"):
        assert contrast(theme[colour], theme["card"]) >= 3, colour


def test_both_themes_name_the_same_colours():
    assert LIGHT.keys() == DARK.keys()
    assert len(LIGHT) >= 12


def test_a_page_needs_neither_torch_nor_matplotlib(tmp_path):
    write_study(tmp_path)
    code = (
        "import sys; from assay.reports.study_report import write_study_report; "
        "assert 'jinja2' not in sys.modules; "
        "write_study_report(sys.argv[1]); "
        "print(sorted({'torch', 'matplotlib', 'polars', 'sklearn', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
