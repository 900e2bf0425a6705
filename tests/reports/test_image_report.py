"""The report of a study of images: every image lies inside the page, has words, and the page stays light."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example_studies import inspection, multiclass_metrics, write_study
from html_page import Page, check_accessible

from assay.reports.error_images import image_of, pair_images
from assay.reports.study_report import write_study_report
from assay.reports.thumbnails import Embedded, augmented, class_rows
from images_made import encoded, made_images

EVIL = "<b>\"'&.png"


def interval(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def errors(rows: list[int]) -> dict[str, Any]:
    worst = [
        {"row": row, "truth": "setosa", "predicted": "virginica", "loss": 3.0, "probability": 0.95}
        for row in rows
    ]
    suspects = [
        {
            "row": row,
            "part": ("training", "validation")[row % 2],
            "given": "setosa",
            "suggested": "virginica",
            "score": 0.02,
        }
        for row in rows
    ]
    pair = {
        "truth": "setosa", "predicted": "virginica", "rows": 9, "share": interval(0.3, 0.2, 0.4),
        "chance": 0.1, "examples": rows[:4],
    }  # fmt: skip
    return {
        "target": "label", "metric": "accuracy", "measure": "error rate", "rows": 600,
        "error": interval(0.2, 0.18, 0.22), "slices": {"found": [], "because": "nothing was found"},
        "worst": {"rows": worst, "share": 0.1}, "pairs": [pair],
        "labels": {
            "suspects": suspects, "rows": rows, "count": len(rows), "looked_at": 2400, "are_few": True,
            "method": "confident learning", "because": "few enough to look at",
        },
        "importance": [], "images": {str(row): f"setosa/{row}{EVIL}" for row in rows},
    }  # fmt: skip


def image_study(folder: Path, rows: list[int], size: int = 24) -> Path:
    images, _ = made_images(len(rows), size)
    changed = [f"{rows[0]}-{time}.jpg" for time in range(1, 4)]
    shown = {
        "classes": [{"label": "setosa", "rows": rows[:3]}, {"label": "virginica", "rows": rows[3:5]}],
        "augmentation": {
            "did": "50% mirrored",
            "images": [{"row": rows[0], "file": f"{rows[0]}.jpg", "changed": changed}],
        },
    }
    write_study(
        folder, metrics=multiclass_metrics(), errors=errors(rows), thumbnails=shown,
        inspection=inspection(2) | {"images": {"sizes": []}},
    )  # fmt: skip
    (folder / "thumbnails").mkdir()
    for row, image in zip(rows, images, strict=True):
        (folder / "thumbnails" / f"{row}.jpg").write_bytes(encoded(image, "JPEG"))
    for file in changed:
        (folder / "thumbnails" / file).write_bytes(encoded(images[0], "JPEG"))
    return folder


def page_of(folder: Path) -> Page:
    return Page(write_study_report(folder).read_text(encoding="utf-8"))


def test_every_image_is_in_the_page_and_has_words(tmp_path: Path) -> None:
    page = page_of(image_study(tmp_path, list(range(10, 22))))
    check_accessible(page)
    shown = page.all("img")
    assert len(shown) == 12 + 12 + 4 + 5 + 4, "worst, suspects, examples, classes, augmentation"
    for image in shown:
        assert image.attributes["src"].startswith("data:image/jpeg;base64,")
        assert base64.b64decode(image.attributes["src"].partition(",")[2])[:2] == b"\xff\xd8"
        assert image.attributes["alt"].strip()
    policy = next(meta for meta in page.all("meta") if "http-equiv" in meta.attributes)
    assert policy.attributes["content"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_names_of_files_are_escaped(tmp_path: Path) -> None:
    page = page_of(image_study(tmp_path, list(range(10, 22))))
    assert not page.all("b")
    alts = [image.attributes["alt"] for image in page.all("img")]
    assert any(f"setosa/10{EVIL}: true setosa, predicted virginica" in alt for alt in alts)


def test_words_say_images_and_what_training_does(tmp_path: Path) -> None:
    page = page_of(image_study(tmp_path, list(range(10, 22))))
    for words in (
        "The worst images", "Labels that may be wrong", "Some training images of each class",
        "What training makes of an image", "50% mirrored", "validation images", "training image",
    ):  # fmt: skip
        assert words in page.text
    assert "The worst rows" not in page.text
    assert "columns" not in page.text.partition("What came in")[2].partition("How it was split")[0]


def test_the_page_stays_below_three_megabytes(tmp_path: Path) -> None:
    rows = list(range(100, 160))
    folder = image_study(tmp_path, rows)
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), dtype=np.uint8)
    for row in rows:
        (folder / "thumbnails" / f"{row}.jpg").write_bytes(encoded(noise, "JPEG"))
    path = write_study_report(folder)
    assert 2_000_000 < path.stat().st_size < 3_000_000
    page = Page(path.read_text(encoding="utf-8"))
    assert "images did not fit into this page" in page.text
    absent = [one for one in page.all("span") if one.attributes.get("class") == "absent"]
    assert absent
    assert all(one.attributes["aria-label"] for one in absent)


def test_without_thumbnails_the_words_stay(tmp_path: Path) -> None:
    folder = image_study(tmp_path, list(range(10, 22)))
    for file in (folder / "thumbnails").iterdir():
        file.unlink()
    page = page_of(folder)
    assert not page.all("img")
    assert "predicted virginica" in page.text


def test_a_table_has_no_images(tmp_path: Path) -> None:
    page = page_of(write_study(tmp_path))
    assert not page.all("img")
    assert "images" not in page.text


def test_files_come_from_the_folder_of_thumbnails_alone(tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (tmp_path / "thumbnails").mkdir()
    assert Embedded(tmp_path).uri("../secret.jpg") == ""


@pytest.mark.parametrize("record", [{}, {"classes": None}, {"classes": [3], "augmentation": []}])
def test_a_damaged_record_leaves_its_place_empty(tmp_path: Path, record: dict[str, Any]) -> None:
    embedded = Embedded(tmp_path)
    assert class_rows(record, embedded) == []
    assert augmented(record, embedded) == {}
    assert image_of({"row": 1}, {}, embedded) == {}
    assert pair_images({"examples": [1]}, {"1": "a.png"}, embedded) == []


def test_quantities_are_told_with_their_numbers(tmp_path: Path) -> None:
    one = image_of(
        {"row": 3, "truth": 1.5, "predicted": 9.25, "loss": -7.75, "probability": None},
        {"3": "a.png"},
        Embedded(tmp_path),
    )
    assert (one["first"], one["second"]) == ("1.5", "predicted 9.25")
