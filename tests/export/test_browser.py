"""The page that is written: its files, what it asks for, and what it refuses."""

import re
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assay.bundle.bundle import Bundle
from assay.core.errors import MissingPartError
from assay.export.browser import RUNTIME_FILES, RUNTIME_FOLDER, install_line, write_page


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder like the npm package's, with files that hold their names."""
    folder = tmp_path / "package"
    (folder / "dist").mkdir(parents=True)
    for name in (*RUNTIME_FILES, "ort.min.js"):
        (folder / "dist" / name).write_text(name)
    return folder


def test_everything_that_the_page_names_is_there(bundles: dict[str, Bundle], tmp_path: Path) -> None:
    write_page(bundles["binary"], tmp_path / "browser")
    files = {file.name: file.read_text() for file in (tmp_path / "browser").iterdir()}
    assert {"index.html", "page.css", "page.mjs", "icon.svg", "README.md"} <= set(files)
    named = re.findall(r'(?:src|href)="([^"#]+)"', files["index.html"])
    for name, text in files.items():
        if name.endswith(".mjs"):
            named += [
                part.removeprefix("./") for part in re.findall(r'^import .* from "([^"]+)"', text, re.M)
            ]
    assert len(named) > 10
    assert set(named) <= set(files)
    ids = set(re.findall(r'\bid="([^"]+)"', files["index.html"]))
    assert set(re.findall(r'byId\("([^"]+)"\)', files["page.mjs"])) <= ids


def test_nothing_stands_inline_and_nothing_is_fetched_from_elsewhere(
    bundle: Bundle, name: str, tmp_path: Path
) -> None:
    write_page(bundle, tmp_path)
    page = (tmp_path / "index.html").read_text()
    assert "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'" in page
    assert re.findall(r"<script[^>]*>", page) == ['<script type="module" src="page.mjs">']
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    for file in tmp_path.iterdir():
        if file.suffix in {".html", ".mjs", ".css"}:
            addresses = set(re.findall(r"https?://[\w.:/-]+", file.read_text()))
            assert addresses <= {"http://localhost:8000/browser/"}, (name, file.name)
    assert "$" not in page
    assert install_line() in (tmp_path / "README.md").read_text()


def test_the_name_of_the_target_is_no_markup(bundles: dict[str, Bundle], tmp_path: Path) -> None:
    bundle = bundles["regression"]
    named = Bundle(
        bundle.preparation,
        bundle.network.network,
        replace(bundle.target, name='<b onclick="x()">\n& $1'),
        bundle.target_scale,
    )
    write_page(named, tmp_path)
    page = (tmp_path / "index.html").read_text()
    assert page.count("&lt;b onclick=&quot;x()&quot;&gt; &amp; $1") == 2
    assert "<b " not in page


@pytest.mark.parametrize("shape", ["package", "dist", "node_modules", "tgz"])
def test_the_runtime_is_copied_from_wherever_npm_put_it(
    shape: str, bundles: dict[str, Bundle], package: Path, tmp_path: Path
) -> None:
    source = {"package": package, "dist": package / "dist", "node_modules": tmp_path / "project"}.get(shape)
    if shape == "node_modules":
        place = tmp_path / "project/node_modules/onnxruntime-web"
        place.parent.mkdir(parents=True)
        package.rename(place)
    if source is None:
        source = tmp_path / "onnxruntime-web.tgz"
        with tarfile.open(source, "w:gz") as archive:
            archive.add(package, "package")
    write_page(bundles["image"], tmp_path / "browser", source)
    copied = {file.name: file.read_text() for file in (tmp_path / "browser" / RUNTIME_FOLDER).iterdir()}
    assert copied == {name: name for name in RUNTIME_FILES}


def _without_the_program(package: Path) -> Path:
    (package / "dist" / RUNTIME_FILES[1]).unlink()
    return package


def _no_archive(package: Path) -> Path:
    return package / "dist/ort.min.js"


def _nowhere(package: Path) -> Path:
    return package / "nowhere"


@pytest.mark.parametrize("source_of", [_without_the_program, _no_archive, _nowhere])
def test_what_is_no_runtime_is_refused_before_anything_is_written(
    source_of: Callable[[Path], Path], bundles: dict[str, Bundle], package: Path, tmp_path: Path
) -> None:
    source = source_of(package)
    with pytest.raises(MissingPartError, match=r"npm pack onnxruntime-web") as raised:
        write_page(bundles["binary"], tmp_path / "browser", source)
    assert raised.value.where == str(source)
    assert not (tmp_path / "browser").exists()
