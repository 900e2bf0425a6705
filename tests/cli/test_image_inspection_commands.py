"""`assay inspect` and `assay audit` of images, as a user types them."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

import assay as library
from assay.cli.image_inspection_table import print_image_inspection
from textures_made import save_classes, textures

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders train and test, which share three images, and a folder with a broken file."""
    folder = tmp_path_factory.mktemp("images")
    save_classes(folder / "train", textures(30, seed=1))
    save_classes(folder / "test", textures(20, seed=2))
    for number in (0, 2, 4):
        shutil.copy(
            folder / "train" / "cat" / f"{number:03d}.png", folder / "test" / "cat" / f"!{number}.png"
        )
    shutil.copytree(folder / "train", folder / "broken")
    (folder / "broken" / "dog" / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return folder


def test_inspect_prints_one_document_and_writes_the_page(assay: Command, parts: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = assay("inspect", parts / "train", "--json", "--report", page, "--mute", "A205", "--mute", "A404")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert (record["rows"], record["findings"]) == (30, [])
    assert "data:image/jpeg" in page.read_text(encoding="utf-8")


def test_a_broken_file_is_one_line_unless_it_may_be_left_out(assay: Command, parts: Path) -> None:
    done = assay("inspect", parts / "broken")
    assert done.returncode == 2
    assert "dog/cut.png" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    left_out = assay("inspect", parts / "broken", "--set", "images.skip_broken=true")
    assert left_out.returncode == 0, left_out.stderr
    assert "I101 warning" in left_out.stdout


def test_audit_needs_no_target_for_folders(assay: Command, parts: Path) -> None:
    done = assay("audit", "--train", parts / "train", "--test", parts / "test", "--json")
    assert done.returncode == 0, done.stderr
    (leak,) = json.loads(done.stdout)["leaks"]
    assert (leak["code"], leak["level"], leak["count"]) == ("L101", "serious", 3)


def test_a_wrong_setting_is_named(assay: Command, parts: Path) -> None:
    done = assay("inspect", parts / "train", "--set", "images.siez=3")
    assert done.returncode == 2
    assert "siez" in done.stderr


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_screen(parts: Path, width: int) -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False, legacy_windows=False)
    print_image_inspection(library.inspect(library.read(parts / "train")), console)
    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert any("cat: 15 (50 %)" in line for line in lines)


def test_a_table_is_inspected_without_waiting_for_torch(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,y\n" + "".join(f"{row},{row % 2}\n" for row in range(40)))
    code = (
        "import sys; from assay.cli.main import _run; "
        f"_run(['inspect', {str(tmp_path / 'x.csv')!r}, '--target', 'y']); "
        "print('torch' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "False"
