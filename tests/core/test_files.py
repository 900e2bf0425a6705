import math
import os
import resource
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assay.core.errors import BundleError, InputError
from assay.core.files import append_jsonl, atomic_path, read_json, read_jsonl, to_json, write_json, write_text


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    write_text(target, "old")
    with pytest.raises(RuntimeError), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_json_has_no_nan_and_takes_numpy(tmp_path: Path) -> None:
    write_json(tmp_path / "deep" / "a.json", {"x": math.nan, "y": np.float64(2), "z": (1, np.int64(3))})
    assert read_json(tmp_path / "deep" / "a.json") == {"x": None, "y": 2.0, "z": [1, 3]}
    assert to_json(np.float64(math.inf)) == "null"


def test_a_broken_file_is_named_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"x": \n oops}')
    with pytest.raises(BundleError, match="line 2"):
        read_json(tmp_path / "a.json", BundleError)
    with pytest.raises(BundleError, match=r"no file b\.json"):
        read_json(tmp_path / "b.json", BundleError)
    (tmp_path / "c.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        read_json(tmp_path / "c.json")


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="a file stands there"):
        write_text(tmp_path / "file" / "a.txt", "")


def test_a_cut_last_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    append_jsonl(path, {"epoch": 1})
    append_jsonl(path, {"epoch": 2})
    path.write_text(path.read_text() + '{"epo')
    assert read_jsonl(path) == [{"epoch": 1}, {"epoch": 2}]
    assert read_jsonl(tmp_path / "absent.jsonl") == []


def test_a_link_stays_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there" / "file")
    for text in ("new", "newer"):
        write_text(tmp_path / "link", text)
        assert (tmp_path / "there" / "file").read_text() == text
    assert (tmp_path / "link").is_symlink()
    assert len(list(tmp_path.rglob("*"))) == 3


def test_a_pipe_is_written_through(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with ThreadPoolExecutor(1) as pool:
            found = pool.submit(pipe.read_text)
            write_text(path, "sent")
            assert found.result(timeout=10) == "sent"
    assert pipe.is_fifo()
    assert link.is_symlink()


def test_a_failed_write_sends_nothing_into_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RuntimeError), atomic_path(tmp_path / "pipe") as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_an_open_file_is_written_through_its_number(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as stream:
        write_text(f"/dev/fd/{stream.fileno()}", "sent")
        write_text(f"/dev/fd/{stream.fileno()}", " twice")
    assert (tmp_path / "file").read_text() == "sent twice"
    assert len(list(tmp_path.iterdir())) == 1


def test_folders_sockets_and_circles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        write_text(tmp_path, "")
    with pytest.raises(InputError, match="symbolic links"):
        (tmp_path / "circle").symlink_to(tmp_path / "circle")
        write_text(tmp_path / "circle", "")
    with (
        socket.socket(socket.AF_UNIX) as server,
        pytest.raises(InputError, match="neither a file nor a pipe"),
    ):
        server.bind(str(tmp_path / "socket"))
        write_text(tmp_path / "socket", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["circle", "socket"]


def test_a_name_too_long_is_named_and_one_that_just_fits_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="File name too long"):
        write_text(tmp_path / ("a" * 256), "")
    with pytest.raises(InputError, match="File name too long"):
        append_jsonl(tmp_path / ("a" * 256), {})
    write_text(tmp_path / ("a" * 255), "")
    assert len(list(tmp_path.iterdir())) == 1


@pytest.fixture
def little_room() -> Iterator[None]:
    """No file may grow beyond 100 bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("little_room")
def test_a_full_disk_is_named_and_leaves_what_was_there(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "old")
    with pytest.raises(InputError, match=r"a\.txt: cannot be written: File too large"):
        write_text(tmp_path / "a.txt", "x" * 200)
    assert (tmp_path / "a.txt").read_text() == "old"
    append_jsonl(tmp_path / "b.jsonl", {"epoch": "x" * 70})
    with pytest.raises(InputError, match=r"b\.jsonl: cannot be written: No space left"):
        append_jsonl(tmp_path / "b.jsonl", {"epoch": "y" * 70})
    assert (tmp_path / "b.jsonl").read_text() == '{"epoch": "' + "x" * 70 + '"}\n'
    assert len(list(tmp_path.iterdir())) == 2
