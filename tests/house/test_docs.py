"""The pages are there, up to date, and lead somewhere."""

import re
import sys
from pathlib import Path

import pytest

import assay

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "tools"))
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page):
    links = [target for target, _ in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    missing = [target for target in links if not (page.parent / target).exists()]
    assert missing == []


def test_every_page_of_the_navigation_is_there():
    tree = (DOCS / "index.md").read_text(encoding="utf-8").partition("{toctree}")[2]
    pages = [f"{line}.md" for line in re.findall(r"^[\w/-]+$", tree, re.MULTILINE)]
    assert "recipe.md" in pages
    assert [page for page in pages if not (DOCS / page).exists()] == []


def test_the_recipe_s_page_is_up_to_date():
    from write_recipe_page import PAGE, page

    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs` and commit docs/recipe.md"


def test_the_remedies_page_is_up_to_date():
    from write_remedies_page import PAGE, page

    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs` and commit docs/remedies.md"


def test_the_recipe_s_page_has_every_setting():
    from assay.core.settings import Settings
    from assay.study.recipe import Recipe

    text = (DOCS / "recipe.md").read_text(encoding="utf-8")
    sections = {"The run", "read", "split", "preparation", "preparation.columns.NAME", "network", "training"}
    sections |= {"floor", "remedies"}
    assert sections <= set(re.findall(r"^## (.*)$", text, re.MULTILINE))
    defaults = {name: field.default for name, field in Recipe.model_fields.items()}
    parts = {name: default for name, default in defaults.items() if isinstance(default, Settings)}
    for settings in (Recipe(), *parts.values()):
        for name in type(settings).model_fields:
            assert (
                name in parts
                or name in {"network", "augmentation"}
                or f"| `{name}` |" in text
                or name == "columns"
            )


def test_every_finding_has_a_page():
    from assay.data.inspection.codes import CODES

    for code in CODES:
        page = DOCS / "findings" / f"{code}.md"
        assert page.exists(), f"docs/findings/{code}.md is missing"
        assert code in page.read_text(encoding="utf-8").splitlines()[0]
    index = (DOCS / "findings" / "README.md").read_text(encoding="utf-8")
    assert [code for code in CODES if f"({code}.md)" not in index] == []


def test_the_data_sets_page_is_the_catalogue():
    from assay.data.catalogue import datasets

    text = (DOCS / "data-sets.md").read_text(encoding="utf-8")
    for entry in datasets():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{entry.name}` |"))
        for part in (
            entry.title,
            entry.authors,
            f"{entry.rows:,} x {entry.columns}",
            entry.url,
            entry.licence,
        ):
            assert part in row
        assert f"- `{entry.name}`: {entry.note}." in text


def test_the_architecture_names_every_room():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "src" / "assay").glob("*/__init__.py")}
    assert set(re.findall(r"^\| (\w+) \| [A-Z]", text, re.MULTILINE)) == rooms


def test_files_that_architecture_and_contributing_name_are_there():
    for page in ("ARCHITECTURE.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for named in re.findall(r"`?((?:tests|core|cli|study|data|docs)/[\w/-]+\.(?:py|md))`?", text):
            assert (ROOT / named).exists() or (ROOT / "src" / "assay" / named).exists(), f"{page}: {named}"


def test_contributing_is_short():
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 45


def test_the_change_log_has_this_version():
    assert f"\n## {assay.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
