"""Sources of files by command: added, tested, shown and harvested, with words for what is wrong."""

from __future__ import annotations

import pytest

from catalogue.database import Database
from catalogue.model import Source
from hub.errors import FolderClosed
from hub.sourcecheck import check_named
from support.files import books


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "tệp của thư viện"
    made.mkdir()
    (made / "a.mrc").write_bytes(books(1, 2))
    return made


def add(lienthong, url: str, *more: str):
    where = ("--protocol", "file", "--url", url, "--library", "L1")
    return lienthong("sources", "add", "s1", *where, *more)


def test_a_folder_is_added_tested_previewed_and_harvested(lienthong, folder):
    added = add(lienthong, f"file:{folder}", "--delivers", "whole", "--json")
    tested = lienthong("sources", "test", "s1", "--json")
    shown = lienthong("sources", "preview", "s1", "--json")
    harvested = lienthong("harvest", "s1", "--json")

    assert added.json[0]["files"]["delivers"] == "whole"
    assert [each["step"] for each in tested.json] == ["Files", "Format", "First records"]
    assert [each["identifier"] for each in shown.json] == ["1", "2"]
    assert (harvested.json[0]["status"], harvested.json[0]["added"]) == ("succeeded", 2)


def test_the_settings_of_files_go_through_a_file(lienthong, folder, tmp_path):
    add(lienthong, f"file:{folder}", "--identifier", "020$a", "--columns", "Tên = title")
    path = tmp_path / "sources.yaml"
    path.write_text(lienthong("sources", "export").out, encoding="utf-8")

    assert "020$a" in path.read_text("utf-8")
    assert lienthong("sources", "apply", str(path), "--json", "--yes").json == []


@pytest.mark.parametrize(
    ("url", "more", "said"),
    [
        ("file:relative", (), "its path does not begin at the root"),
        ("ftp://a/b", (), "it does not begin with file:"),
        ("http://user@host/a.mrc", (), "it has a user name in it"),
        ("file:/tmp", ("--prefix", "marc21"), "leave out --prefix"),
        ("file:/tmp", ("--delivers", "all"), "'whole', 'newest' or 'changes'"),
        ("file:/tmp", ("--identifier", "$a"), "is not a place"),
        ("file:/tmp", ("--format", "docx"), "There is no format of files named docx"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_added(lienthong, url, more, said):
    outcome = add(lienthong, url, *more)

    assert outcome.code == 2
    assert said in outcome.err


def test_the_pages_name_only_folders_that_were_opened(database: Database, folder, tmp_path):
    inside = Source(name="s1", library="L1", protocol="file", url=f"file:{folder}")
    (tmp_path / "link").symlink_to("/etc")
    around = Source(name="s2", library="L1", protocol="file", url=f"file:{tmp_path}/link")

    assert check_named(inside, (str(tmp_path),), database) == inside
    for source, folders in ((inside, ()), (around, (str(tmp_path),))):
        with pytest.raises(FolderClosed):
            check_named(source, folders, database)


def test_uploads_and_addresses_on_servers_need_no_folder(database: Database):
    for url in ("file:", "https://thuvien.example.vn/a.mrc"):
        source = Source(name="s1", library="L1", protocol="file", url=url)
        assert check_named(source, (), database) == source
