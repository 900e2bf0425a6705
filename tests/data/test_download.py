import os
import socket
from pathlib import Path

import pytest
from file_server import FileServer

from assay.core.errors import MissingPartError
from assay.data.download import download

CONTENT = os.urandom(3_000_000)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def fetch(server: FileServer, path: Path, **choices: object) -> None:
    download(server.url(), path, **{"pause": 0.0, "timeout": 5.0, **choices})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_whole_file_with_progress(tmp_path):
    heard = []
    with FileServer(CONTENT) as server:
        fetch(server, tmp_path / "file.bin", progress=lambda done, total: heard.append((done, total)))
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    assert heard[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in heard] == sorted({done for done, _ in heard})
    assert names(tmp_path) == ["file.bin"]


def test_without_length_the_total_is_unknown(tmp_path):
    heard = []
    with FileServer(CONTENT, with_length=False) as server:
        fetch(server, tmp_path / "file.bin", progress=lambda done, total: heard.append((done, total)))
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    assert heard[-1] == (len(CONTENT), None)


def test_goes_on_where_the_connection_broke(tmp_path):
    with FileServer(CONTENT, breaks=[1_000_000, 500_000]) as server:
        fetch(server, tmp_path / "file.bin")
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    assert server.asked == [None, "bytes=1000000-", "bytes=1500000-"]


def test_goes_on_in_the_next_call(tmp_path):
    path = tmp_path / "file.bin"
    with FileServer(CONTENT, breaks=[1_000_000]) as server:
        with pytest.raises(MissingPartError, match=r"ended after 1,000,000 of 3,000,000 bytes"):
            fetch(server, path, tries=1)
        assert names(tmp_path) == ["file.bin.part", "file.bin.part.version"]
        fetch(server, path)
    assert path.read_bytes() == CONTENT
    assert server.asked == [None, "bytes=1000000-"]
    assert names(tmp_path) == ["file.bin"]


def test_progress_counts_what_is_here_already(tmp_path):
    heard = []
    with FileServer(CONTENT, breaks=[1_000_000]) as server:
        fetch(server, tmp_path / "file.bin", progress=lambda done, total: heard.append((done, total)))
    assert {total for _, total in heard} == {len(CONTENT)}
    assert heard[-1][0] == len(CONTENT)


def test_begins_anew_when_the_file_has_changed(tmp_path):
    path = tmp_path / "file.bin"
    with FileServer(b"old" * 1000, breaks=[1500]) as server:
        with pytest.raises(MissingPartError):
            fetch(server, path, tries=1)
        server.content, server.etag = CONTENT, '"2"'
        fetch(server, path)
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("etag", ["", 'W/"1"'], ids=["no version", "weak version"])
def test_begins_anew_without_a_strong_version(tmp_path, etag):
    with FileServer(CONTENT, etag=etag, breaks=[1_000_000]) as server:
        fetch(server, tmp_path / "file.bin")
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    assert server.asked == [None, None]


def test_a_range_that_was_not_asked_for_is_not_appended(tmp_path):
    with FileServer(CONTENT, breaks=[1_000_000], wrong_range=True) as server:
        fetch(server, tmp_path / "file.bin")
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    assert server.asked == [None, "bytes=1000000-", None]


def test_a_part_longer_than_the_file_is_forgotten(tmp_path):
    (tmp_path / "file.bin.part").write_bytes(b"x" * (len(CONTENT) + 1))
    (tmp_path / "file.bin.part.version").write_text('"1"')
    with FileServer(CONTENT) as server:
        fetch(server, tmp_path / "file.bin")
    assert (tmp_path / "file.bin").read_bytes() == CONTENT


def test_tries_again_when_the_server_is_busy(tmp_path):
    with FileServer(CONTENT, statuses=[503, 429]) as server:
        fetch(server, tmp_path / "file.bin")
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    assert len(server.asked) == 3


def test_progress_resets_the_count_of_failures(tmp_path):
    with FileServer(CONTENT, breaks=[400_000] * 7) as server:
        fetch(server, tmp_path / "file.bin", tries=2)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    assert len(server.asked) == 8


@pytest.mark.parametrize(("statuses", "asked"), [([404], 1), ([403], 1), ([503, 503, 503], 3)])
def test_gives_up_with_what_to_do(tmp_path, statuses, asked):
    with (
        FileServer(CONTENT, statuses=list(statuses)) as server,
        pytest.raises(MissingPartError, match=f"the server answered {statuses[0]}") as caught,
    ):
        fetch(server, tmp_path / "file.bin", tries=3, hint="put it there by hand")
    assert "put it there by hand" in str(caught.value)
    assert "/file.bin" in str(caught.value)
    assert len(server.asked) == asked
    assert names(tmp_path) == []


def test_nobody_listens(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(MissingPartError, match="Connection refused"):
        download(f"http://127.0.0.1:{port}/file.bin", tmp_path / "file.bin", pause=0.0)
    assert names(tmp_path) == []


def test_an_unknown_host_is_not_tried_again(tmp_path, monkeypatch):
    asked = []

    def unknown(*address: object, **_: object) -> None:
        asked.append(address[0])
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(MissingPartError, match="Name or service not known"):
        download("http://nowhere.invalid/file.bin", tmp_path / "file.bin")
    assert asked == ["nowhere.invalid"]


def test_a_silent_server_is_not_waited_for(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/file.bin"
        with pytest.raises(MissingPartError, match="no answer in time"):
            download(url, tmp_path / "file.bin", timeout=0.1, tries=2, pause=0.0)


def test_an_interrupt_keeps_what_is_here(tmp_path):
    def interrupt(done: int, total: int | None) -> None:
        if done > 1_000_000:
            raise KeyboardInterrupt

    path = tmp_path / "file.bin"
    with FileServer(CONTENT) as server:
        with pytest.raises(KeyboardInterrupt):
            fetch(server, path, progress=interrupt)
        assert not path.exists()
        fetch(server, path)
    assert path.read_bytes() == CONTENT
    assert server.asked[1] is not None
