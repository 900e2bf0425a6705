import hashlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from file_server import FileServer

from assay.core.errors import DataError, InputError, MissingPartError, RecipeError
from assay.data.catalogue import Dataset, dataset_named, datasets, entries, fetch
from assay.data.catalogue.folders import cache_folder

ROWS = b"a,b,answer\n1,2,yes\n3,4,no\n5,6,yes\n"


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path) -> Path:
    """An empty cache, and no ASSAY_DATA."""
    monkeypatch.delenv("ASSAY_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "cache" / "assay"


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


@pytest.fixture
def entry(monkeypatch) -> Dataset:
    """A small data set whose checksum is known; its `url` is set by `served`."""
    made = Dataset(
        name="small",
        title="Three rows",
        authors="nobody",
        file="rows.csv",
        url="http://127.0.0.1:9/small+rows.zip",
        sha256=hashlib.sha256(ROWS).hexdigest(),
        rows=3,
        columns=3,
        target="answer",
        licence="none",
        copies={"copy.csv": hashlib.sha256(ROWS + b"7,8,no\n").hexdigest()},
    )
    put(monkeypatch, made)
    return made


def put(monkeypatch, entry: Dataset) -> None:
    monkeypatch.setattr(entries, "_DATASETS", (entry,))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


_OFFICIAL = ("https://archive.ics.uci.edu/static/public/", "https://www.cs.toronto.edu/~kriz/")


def test_entries_are_complete_and_official():
    known = {entry.name: entry for entry in datasets()}
    assert list(known) == ["credit", "energy", "somerville", "year", "year-sample", "cifar10"]
    for entry in known.values():
        assert not entry.url or entry.url.startswith(_OFFICIAL)
        assert entry.archive.endswith(".zip") or not entry.url or not entry.is_packed
        assert entry.sha256 is None or len(entry.sha256) == 64
        assert entry.rows > 100
        assert entry.licence
        assert entry.authors
    assert known["credit"].archive == "default+of+credit+card+clients.zip"
    assert (known["year"].rows, known["year"].columns, known["year"].target) == (515_345, 91, 0)


def test_unknown_name_gets_a_suggestion():
    with pytest.raises(RecipeError, match=r"unknown data set 'yaer' \(did you mean 'year'\?\)"):
        fetch("yaer")


def test_the_shared_copies_are_the_catalogue_s(shared_data, monkeypatch):
    monkeypatch.setenv("ASSAY_DATA", str(shared_data))
    for name in ("credit", "energy", "somerville", "year-sample", "cifar10"):
        assert fetch(name).parent == shared_data


@pytest.mark.parametrize("name", ["credit", "energy", "somerville", "year-sample"])
def test_the_shared_copies_have_the_catalogue_s_size(shared_data, monkeypatch, name):
    from assay.data.reading import read

    monkeypatch.setenv("ASSAY_DATA", str(shared_data))
    entry = dataset_named(name)
    table = read(fetch(name), target=entry.target)
    assert (len(table), len(table.columns)) == (entry.rows, entry.columns)


def test_to_json_says_where_it_is(shared_data, monkeypatch):
    assert dataset_named("energy").to_json()["path"] is None
    monkeypatch.setenv("ASSAY_DATA", str(shared_data))
    plain = json.loads(json.dumps(dataset_named("energy").to_json()))
    assert plain["path"] == str(shared_data / "energy.csv")
    assert plain["rows"] == 19_735


def test_fetch_downloads_unpacks_and_leaves_nothing_else(entry, cache, monkeypatch):
    with FileServer(archive(rows_csv=ROWS, readme_txt=b"hello")) as server:
        put(monkeypatch, replace(entry, url=server.url("small+rows.zip")))
        path = fetch("small")
        assert fetch("small") == path
    assert path.read_bytes() == ROWS
    assert names(cache) == ["rows.csv"]
    assert len(server.asked) == 1, "the second fetch finds the file in the cache"


def test_assay_data_is_looked_in_first(entry, cache, monkeypatch, tmp_path):
    cache.mkdir(parents=True)
    (cache / "rows.csv").write_bytes(ROWS)
    given = tmp_path / "given"
    given.mkdir()
    monkeypatch.setenv("ASSAY_DATA", str(given))
    assert fetch("small") == cache / "rows.csv"
    (given / "copy.csv").write_bytes(ROWS + b"7,8,no\n")
    assert fetch("small") == given / "copy.csv"
    (given / "rows.csv").write_bytes(ROWS)
    assert fetch("small") == given / "rows.csv"


def test_assay_data_must_be_a_folder(entry, monkeypatch, tmp_path):
    monkeypatch.setenv("ASSAY_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(MissingPartError, match=r"ASSAY_DATA names .*nowhere', which is no folder"):
        fetch("small")


@pytest.mark.parametrize("place", ["given", "cache"])
def test_an_altered_file_is_refused(entry, cache, monkeypatch, tmp_path, place):
    folder = {"given": tmp_path / "given", "cache": cache}[place]
    folder.mkdir(parents=True)
    if place == "given":
        monkeypatch.setenv("ASSAY_DATA", str(folder))
    (folder / "rows.csv").write_bytes(ROWS.replace(b"5", b"6"))
    with pytest.raises(DataError, match=f"SHA-256 is [0-9a-f]{{64}}, expected {entry.sha256}"):
        fetch("small")


def test_an_altered_download_is_refused_and_removed(entry, cache, monkeypatch):
    with FileServer(archive(rows_csv=ROWS + b"7,8,no\n")) as server:
        put(monkeypatch, replace(entry, url=server.url("small+rows.zip")))
        with pytest.raises(DataError, match="not the file of the data set 'small'"):
            fetch("small")
    assert names(cache) == []


@pytest.fixture
def unpacked(entry: Dataset) -> Dataset:
    """A data set whose file is downloaded as it is."""
    return replace(entry, url="http://127.0.0.1:9/rows.csv")


def test_a_file_that_is_no_archive_is_kept_as_it_is(unpacked, cache, monkeypatch):
    with FileServer(ROWS) as server:
        put(monkeypatch, replace(unpacked, url=server.url("rows.csv")))
        assert fetch("small").read_bytes() == ROWS
    assert names(cache) == ["rows.csv"]


def test_another_file_that_is_no_archive_is_refused_and_removed(unpacked, cache, monkeypatch):
    with FileServer(ROWS + b"7,8,no\n") as server:
        put(monkeypatch, replace(unpacked, url=server.url("rows.csv")))
        with pytest.raises(DataError, match="not the file of the data set 'small'"):
            fetch("small")
    assert names(cache) == []


def test_an_archive_without_the_file(entry, cache, monkeypatch):
    with FileServer(archive(other_csv=ROWS)) as server:
        put(monkeypatch, replace(entry, url=server.url("small+rows.zip")))
        with pytest.raises(DataError, match=r"holds no 'rows\.csv' but other\.csv"):
            fetch("small")
    assert names(cache) == []


GOOD = archive(rows_csv=ROWS)


@pytest.mark.parametrize(
    "damaged",
    [b"<html>not found</html>", GOOD[:-30], GOOD.replace(b"PK\x03\x04", b"PK\x03\x09")],
    ids=["a page", "cut", "altered"],
)
def test_a_damaged_archive(entry, cache, monkeypatch, damaged):
    with FileServer(damaged) as server:
        put(monkeypatch, replace(entry, url=server.url("small+rows.zip")))
        with pytest.raises(DataError, match="the archive is damaged"):
            fetch("small")
    assert names(cache) == []


def test_without_network_it_says_what_to_put_where(entry, cache, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with pytest.raises(MissingPartError) as caught:
        fetch("small")
    message = str(caught.value)
    assert "\n" not in message
    for part in (entry.url, "small+rows.zip", str(cache), "rows.csv", "ASSAY_DATA"):
        assert part in message
    assert names(cache) == []


def test_an_archive_put_there_by_hand_is_used_and_kept(entry, cache):
    cache.mkdir(parents=True)
    (cache / "small+rows.zip").write_bytes(archive(rows_csv=ROWS))
    assert fetch("small").read_bytes() == ROWS
    assert names(cache) == ["rows.csv", "small+rows.zip"]


def test_without_official_source(cache):
    with pytest.raises(MissingPartError, match=r"has no official source .*put it into .*assay"):
        fetch("year-sample")


def test_a_cache_that_cannot_be_made(entry, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(InputError, match=r"cannot keep rows\.csv in .*XDG_CACHE_HOME"):
        fetch("small")


def test_without_known_checksum_the_first_one_is_kept(entry, cache, monkeypatch):
    with FileServer(archive(rows_csv=ROWS)) as server:
        put(monkeypatch, replace(entry, sha256=None, url=server.url("small+rows.zip")))
        path = fetch("small")
    assert (cache / "rows.csv.sha256").read_text() == f"{hashlib.sha256(ROWS).hexdigest()}  rows.csv\n"
    assert fetch("small") == path
    path.write_bytes(ROWS.replace(b"5", b"6"))
    with pytest.raises(DataError, match="SHA-256 is"):
        fetch("small")


@pytest.mark.parametrize(
    ("change", "message"),
    [({"rows": 4}, "has 4 rows and 3 columns, this file has 3 and 3"), ({"columns": 5}, "5 columns")],
)
def test_without_known_checksum_the_size_is_checked(entry, cache, monkeypatch, change, message):
    with FileServer(archive(rows_csv=ROWS)) as server:
        put(monkeypatch, replace(entry, sha256=None, url=server.url("small+rows.zip"), **change))
        with pytest.raises(DataError, match=message):
            fetch("small")
    assert names(cache) == []


def test_the_official_survey_file_is_read(cache, shared_data):
    """UCI's file is UTF-16 text with the same content."""
    text = (shared_data / "somerville.csv").read_text(encoding="utf-8-sig")
    cache.mkdir(parents=True)
    zipped = archive(SomervilleHappinessSurvey2015_csv=text.encode("utf-16"))
    (cache / "somerville+happiness+survey.zip").write_bytes(zipped)
    assert fetch("somerville") == cache / "SomervilleHappinessSurvey2015.csv"


@pytest.mark.parametrize(
    ("platform", "expected"),
    [("linux", ".cache/assay"), ("darwin", "Library/Caches/assay"), ("win32", "AppData/Local/assay/Cache")],
)
def test_cache_folder_of_each_platform(monkeypatch, tmp_path, platform, expected):
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / expected
