"""The page of an inspection of images."""

import base64
import io
import shutil
from pathlib import Path

import pytest
from html_page import Page, check_accessible
from PIL import Image

import assay
from assay.data.inspection.images import ImageInspection
from assay.reports import contact_sheet
from assay.reports.contact_sheet import ContactSheet, named_rows, thumbnail_uri
from assay.reports.inspection_report import write_inspection_report
from textures_made import compressed, save, save_classes, textures

IMAGES = textures(40, side=40)


@pytest.fixture
def inspection(tmp_path: Path) -> ImageInspection:
    folder = save_classes(tmp_path / "animals", IMAGES, ("cat", "<b>dog"))
    shutil.copy(folder / "cat" / "000.png", folder / "<b>dog" / "twin.png")
    save(compressed(IMAGES[2], 70), folder / "cat" / "near.png")
    return assay.inspect(assay.read(folder))


def page_of(inspection: ImageInspection, folder: Path, sheet: ContactSheet | None) -> Page:
    path = write_inspection_report(inspection.to_json(), folder / "page.html", sheet)
    return Page(path.read_text(encoding="utf-8"))


def test_the_page_is_accessible_and_fetches_nothing(inspection, tmp_path):
    page = page_of(inspection, tmp_path, ContactSheet.of(inspection))
    check_accessible(page)
    assert not page.all("script", "iframe", "link", "object", "embed", "b")[2:]
    for image in page.all("img"):
        assert image.attributes["src"].startswith("data:image/jpeg;base64,")
        assert image.attributes["alt"].strip()
    policy = next(meta for meta in page.all("meta") if "http-equiv" in meta.attributes)
    assert "default-src 'none'" in policy.attributes["content"]
    assert "img-src data:" in policy.attributes["content"]


def test_it_tells_what_was_found(inspection, tmp_path):
    text = page_of(inspection, tmp_path, ContactSheet.of(inspection)).text
    for told in (
        "42 images, 2 classes, 4 findings.",
        "40 \N{MULTIPLICATION SIGN} 40",
        "21 · 50 %",
        "cat/000.png",
        "Different labels, equal pixels",
        "near copies, likeness",
        "darkest",
        "most blurred",
        "length in bytes",
        "blue",
    ):
        assert told in text, told


def test_each_class_has_its_average_and_its_images(inspection, tmp_path):
    page = page_of(inspection, tmp_path, ContactSheet.of(inspection))
    words = [image.attributes["alt"] for image in page.all("img")]
    for label in ("cat", "<b>dog"):
        assert words.count(f"the average of {label}") == 1
        assert sum(word.startswith(f"an image of {label} (") for word in words) == 10


def test_without_a_contact_sheet_the_words_stay(inspection, tmp_path):
    page = page_of(inspection, tmp_path, None)
    assert not page.all("img")
    assert "cat/000.png" in page.text


def test_thumbnails_are_small_and_keep_their_shape():
    wide = Image.fromarray(textures(1, side=300)[0]).crop((0, 0, 300, 150))
    uri = thumbnail_uri(wide)
    shown = Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))
    assert shown.size == (96, 48)


def test_a_page_with_no_room_left_says_so(inspection, monkeypatch):
    monkeypatch.setattr(contact_sheet, "_MOST_BYTES", 20_000)
    sheet = ContactSheet.of(inspection)
    assert 0 < len(sheet.thumbnails) < 20
    assert sheet.left_out == len(named_rows(inspection.to_json())) - len(sheet.thumbnails)
