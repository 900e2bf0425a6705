import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from check_sizes import long_functions, problems  # noqa: E402


@pytest.fixture
def project(tmp_path) -> Path:
    (tmp_path / "src").mkdir()
    return tmp_path


def test_this_project_keeps_them():
    assert problems(ROOT) == []


def test_a_long_file(project):
    (project / "src" / "short.py").write_text("x = 1\n")
    (project / "src" / "long.py").write_text("x = 1\n" * 401)
    (project / "src" / "just.py").write_text("x = 1\n" * 150)
    assert problems(project) == ["src/long.py: 401 lines, at most 400"]


def test_a_long_function_anywhere(project):
    (project / "tests").mkdir()
    body = "    x = 1\n" * 60
    (project / "tests" / "a.py").write_text(f"class A:\n    def f(self):\n{body.replace('    ', '        ')}")
    assert problems(project) == ["tests/a.py:2: f has 61 lines, at most 60"]


def test_decorators_do_not_count():
    body = "    x = 1\n" * 59
    assert list(long_functions(f"@a\n@b\ndef f():\n{body}")) == []
    assert list(long_functions(f"async def f():\n{body}    y = 1\n")) == ["1: f has 61 lines, at most 60"]


def test_a_long_median(project):
    for number in range(3):
        (project / "src" / f"file{number}.py").write_text("x = 1\n" * 151)
    assert problems(project) == ["src: the median file has 151 lines, at most 150"]
