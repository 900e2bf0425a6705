"""The page in a headless Chromium, and its network in Node: the numbers of the bundle."""

import csv
import functools
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from browser_parts import export_page, need_node, runtime_folder
from bundles_made import TABLES
from chromium import Tab, find_chromium, served
from PIL import Image

from assay.bundle.bundle import Bundle
from assay.core.errors import AssayError, MissingPartError
from assay.export.runtimes.browser import BrowserRuntime
from images_made import made_images

Export = Callable[[str], Path]
Open = Callable[[str], Tab]
_PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all pages that `exported` makes."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="session")
def exported(bundles: dict[str, Bundle], raw_rows: Callable[[str], np.ndarray], pages: Path) -> Export:
    """Exports a bundle with its page, once; its folder."""
    runtime = runtime_folder()

    @functools.cache
    def export(name: str) -> Path:
        (pages / name).mkdir()
        return export_page(bundles[name], raw_rows(name), pages / name, runtime)

    return export


@pytest.fixture(scope="session")
def address(pages: Path) -> Iterator[str]:
    """Where they are served."""
    with served(pages) as address:
        yield address


@pytest.fixture(scope="session")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """A page of a browser."""
    program = find_chromium()
    if program is None:
        pytest.skip("Chromium is not on this machine: `apt install chromium`, or name one in CHROMIUM")
    with Tab(program, tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture
def open_page(exported: Export, tab: Tab, address: str) -> Open:
    """Opens the page of a bundle, in a wide window."""
    tab.call("Emulation.clearDeviceMetricsOverride")

    def open_it(name: str) -> Tab:
        exported(name)
        tab.open(f"{address}/{name}/browser/")
        return tab

    return open_it


def test_every_bundle_answers_the_same_in_the_browsers_runtime(
    name: str, bundle: Bundle, exported: Export, raw_rows: Callable[[str], np.ndarray]
) -> None:
    need_node()
    raw = raw_rows(name)
    runtime = BrowserRuntime(exported(name))
    for size in (0, 1, 2, 7, len(raw)):
        found, expected = runtime.run(raw[:size]), _outputs(bundle, raw[:size])
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    runtime.close()


def test_a_page_without_the_runtime_cannot_be_proved(tmp_path: Path) -> None:
    need_node()
    with pytest.raises(MissingPartError, match=r"no onnxruntime-web \(in this folder: npm pack"):
        BrowserRuntime(tmp_path)


def test_a_network_that_is_damaged_stops_node_with_its_words(exported: Export, tmp_path: Path) -> None:
    need_node()
    shutil.copytree(exported("image"), tmp_path / "image")
    (tmp_path / "image/network.onnx").write_bytes(b"no network")
    with pytest.raises(AssayError, match=r"onnxruntime-web stopped in Node: .*protobuf"):
        BrowserRuntime(tmp_path / "image")


@pytest.mark.parametrize("name", TABLES)
def test_a_file_of_rows_gets_the_bundles_predictions(
    name: str, bundles: dict[str, Bundle], open_page: Open, rows_file: Path, tmp_path: Path
) -> None:
    bundle, tab = bundles[name], open_page(name)
    tab.choose_files("#drop-table input", rows_file)
    tab.wait("document.querySelector('#scored .scored')")
    header, *rows = _saved(tab, "#scored a", tmp_path)
    raw = bundle.schema.encode(_cells(rows_file, bundle))
    output, width = _outputs(bundle, raw), len(bundle.labels)
    assert header == ["prediction", *(f"probability_{label}" for label in bundle.labels), "warnings"]
    if width:
        found = np.array([row[1 : 1 + width] for row in rows], dtype=float)
        np.testing.assert_allclose(found, output, atol=1e-5)
        assert [row[0] for row in rows] == [str(label) for label in bundle.chosen(output)]
    else:
        np.testing.assert_allclose([float(row[0]) for row in rows], output, rtol=1e-5)
    assert [row[-1] for row in rows] == ["; ".join(texts) for texts in bundle.schema.warnings(raw)]
    assert tab.complaints == []
    hosts = {request.split("/")[2] for request in tab.requests if request.startswith("http")}
    assert len(hosts) == 1  # the server of the page


def test_the_form_answers_a_typical_row_and_every_change(
    tab: Tab, open_page: Open, bundles: dict[str, Bundle]
) -> None:
    bundle = bundles["binary"]
    open_page("binary")
    row = [
        tab.value(f"document.getElementById('field-{number}').value") for number in range(len(bundle.schema))
    ]
    chosen = [
        tab.value(f"document.getElementById('field-{number}').selectedOptions?.[0].text ?? null")
        for number in range(len(bundle.schema))
    ]
    texts = [option or text for option, text in zip(chosen, row, strict=True)]
    np.testing.assert_allclose(_shown(tab), bundle.predict_proba([texts])[0], atol=1e-5)
    _enter(tab, "age", "150")
    changed = [*texts[:1], "150", *texts[2:]]
    np.testing.assert_allclose(_shown(tab), bundle.predict_proba([changed])[0], atol=1e-5)
    said = "column 'age': 150 is outside the training range, 18 to 89"
    assert tab.value("document.querySelector('.odd').innerText") == said
    _enter(tab, "amount", "a lot")
    assert tab.value("document.getElementById('field-0').getAttribute('aria-invalid')") == "true"
    assert "'a lot' is not a number" in tab.value("document.getElementById('field-0-said').innerText")
    assert tab.value("document.getElementById('answer').className") == "stale"
    tab.value("document.getElementById('typical').click()")
    tab.wait("!document.querySelector('.odd')")
    np.testing.assert_allclose(_shown(tab), bundle.predict_proba([texts])[0], atol=1e-5)


def test_the_page_is_used_by_keyboard_alone(tab: Tab, open_page: Open) -> None:
    open_page("binary")
    reached = []
    for _ in range(40):
        for kind in ("keyDown", "keyUp"):
            tab.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        reached.append(tab.value("document.activeElement.name || document.activeElement.id || 'file'"))
    assert {"typical", "amount", "colour", "born", "file"} <= set(reached)


def test_a_phone_needs_no_scrolling_sideways(tab: Tab, open_page: Open, rows_file: Path) -> None:
    tab.call("Emulation.setDeviceMetricsOverride", **_PHONE)
    open_page("multiclass")
    tab.choose_files("#drop-table input", rows_file)
    tab.wait("document.querySelector('#scored .scored')")
    assert tab.value("document.documentElement.scrollWidth") == _PHONE["width"]


def test_dark_is_dark(tab: Tab, open_page: Open) -> None:
    brightness = {}
    for scheme in ("light", "dark"):
        tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        open_page("binary")
        for what in ("backgroundColor", "color"):
            colour = tab.value(f"getComputedStyle(document.body).{what}")
            brightness[scheme, what] = np.mean(list(map(int, re.findall(r"\d+", colour)[:3])))
    assert brightness["light", "backgroundColor"] > 200
    assert brightness["light", "color"] < 50
    assert brightness["dark", "backgroundColor"] < 50
    assert brightness["dark", "color"] > 200


def test_images_get_the_bundles_predictions(
    tab: Tab, open_page: Open, bundles: dict[str, Bundle], tmp_path: Path
) -> None:
    bundle, rng = bundles["image"], np.random.default_rng(0)
    pictures = {
        "same size.png": Image.fromarray(made_images(1, seed=7)[0][0]),
        "larger.png": Image.fromarray(rng.integers(0, 256, (70, 40, 3), dtype=np.uint8)),
        "clear.png": Image.fromarray(rng.integers(0, 256, (20, 20, 4), dtype=np.uint8), mode=None),
        "grey.png": Image.fromarray(rng.integers(0, 256, (30, 50), dtype=np.uint8)),
    }
    for name, picture in pictures.items():
        picture.save(tmp_path / name)
    paths = [tmp_path / name for name in pictures]
    open_page("image")
    tab.choose_files("#drop-images input", *paths)
    tab.wait("document.querySelector('#scored-images .scored')")
    header, *rows = _saved(tab, "#scored-images a", tmp_path)
    assert header[:2] == ["image", "prediction"]
    assert [row[0] for row in rows] == list(pictures)
    expected = bundle.predict_proba(paths)
    found = np.array([row[2:] for row in rows], dtype=float)
    np.testing.assert_allclose(found[0], expected[0], atol=1e-5)
    np.testing.assert_allclose(found, expected, atol=2e-3)  # pixels may differ by one step after scaling
    assert tab.complaints == []


def test_what_is_missing_is_said(tab: Tab, address: str, exported: Export) -> None:
    bare = exported("binary").parent / "bare"
    shutil.copytree(exported("binary"), bare, ignore=shutil.ignore_patterns("ort"))
    tab.open(f"{address}/bare/browser/")
    assert "onnxruntime-web is not in the folder ort/" in tab.value("document.body.innerText")
    assert "npm pack onnxruntime-web@" in tab.value("document.querySelector('pre').innerText")
    (bare / "schema.json").unlink()
    tab.open(f"{address}/bare/browser/")
    assert "schema.json is neither in the folder above" in tab.value("document.body.innerText")


def test_the_folder_of_the_page_alone_can_be_served(tab: Tab, exported: Export, tmp_path: Path) -> None:
    shutil.copytree(exported("binary") / "browser", tmp_path / "alone")
    for name in ("schema.json", "network.onnx"):
        shutil.copy(exported("binary") / name, tmp_path / "alone" / name)
    with served(tmp_path / "alone") as address:
        tab.open(f"{address}/")
        assert tab.value("document.documentElement.dataset.ready") == "true"


def test_a_page_opened_as_a_file_says_why_it_cannot_run(tab: Tab, exported: Export) -> None:
    tab.call("Page.navigate", url=(exported("binary") / "browser/index.html").as_uri())
    text = tab.wait("document.getElementById('status')?.innerText")
    assert "browsers let no page load modules" in text
    assert "python -m http.server" in text


def _outputs(bundle: Bundle, raw: np.ndarray) -> np.ndarray:
    """The network's answers, for no rows as well."""
    import torch

    with torch.inference_mode():
        output: np.ndarray = bundle.network(torch.from_numpy(raw)).numpy()
    return output


def _cells(path: Path, bundle: Bundle) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [{name: row[name] for name in bundle.schema.names} for row in csv.DictReader(stream)]


def _saved(tab: Tab, link: str, folder: Path) -> list[list[str]]:
    """The rows of the file that a link saves."""
    with tab.save(link, folder).open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _shown(tab: Tab) -> np.ndarray:
    """The probabilities that the bars stand for, in the order of the page."""
    bars = "document.querySelectorAll('#answer li[data-value]')"
    return np.array(tab.value(f"[...{bars}].map(bar => bar.dataset.value)"), dtype=float)


def _enter(tab: Tab, name: str, text: str) -> None:
    """Type into a field, and wait for what comes of it."""
    before = tab.value("document.getElementById('answer').dataset.turn")
    typed = f"field.value = '{text}'; field.dispatchEvent(new Event('input', {{bubbles: true}}));"
    tab.value(f"(field => {{ {typed} }})(document.querySelector('[name={name}]'))")
    tab.wait(
        f"document.getElementById('answer').dataset.turn !== '{before}' || document.querySelector('.stale')"
    )
