import math
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
