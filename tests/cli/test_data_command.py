import io
import json
import subprocess
import sys

from rich.console import Console

from assay.cli.dataset_table import dataset_table
from assay.cli.download_bar import DownloadBar
from assay.data.catalogue import datasets


def draw(*, terminal: bool) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100)
    with DownloadBar(console) as bar:
        bar(10, None)
        bar(500_000, 1_000_000)
        bar(1_000_000, 1_000_000)
    return console.file.getvalue()


def test_the_bar_is_drawn_on_a_terminal_only():
    assert "1.0/1.0 MB" in draw(terminal=True)
    assert draw(terminal=False) == ""


def test_the_table_has_a_row_for_each_data_set(shared_data, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("ASSAY_DATA", str(shared_data))
    console = Console(file=io.StringIO(), width=100)
    console.print(dataset_table(datasets()))
    lines = console.file.getvalue().splitlines()
    for entry in datasets():
        line = next(line for line in lines if line.split()[:1] == [entry.name])
        assert f"{entry.rows:,}" in line
        assert line.split()[-1] == ("no" if entry.name == "year" else "yes")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assay.cli", "data", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_list_as_json(shared_data, monkeypatch):
    monkeypatch.setenv("ASSAY_DATA", str(shared_data))
    listed = {entry["name"]: entry for entry in json.loads(run("list", "--json").stdout)}
    assert listed["energy"]["path"] == str(shared_data / "energy.csv")
    assert listed["year"]["sha256"].startswith("4b6f8e50")


def test_fetch_prints_the_path_and_nothing_else(shared_data, monkeypatch):
    monkeypatch.setenv("ASSAY_DATA", str(shared_data))
    done = run("fetch", "energy")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{shared_data / 'energy.csv'}\n", "")


def test_fetch_without_source_is_one_line(monkeypatch, tmp_path):
    monkeypatch.delenv("ASSAY_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    done = run("fetch", "year-sample")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("assay: year_msd_uci_1176.csv is not here")
    assert list(tmp_path.iterdir()) == []
