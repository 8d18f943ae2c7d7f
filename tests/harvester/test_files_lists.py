"""Which files are read as one list, and what is new the next time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harvester.errors import HarvestError
from harvester.files.errors import (
    BadFileAddress,
    FileEmpty,
    FolderEmpty,
    NoCompleteList,
    NotForFiles,
    NotInFiles,
)
from support.files import books, codes, names, read, reader, records, spec, zipped


def put(folder: Path, name: str, data: bytes, written: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    if written:
        os.utime(path, (written, written))
    return path


def test_one_file_is_the_complete_list(tmp_path):
    pages = read(put(tmp_path, "a.mrc", books(1, 2)))

    assert (names(pages), pages[0].whole, pages[-1].last) == (["1", "2"], True, True)


def test_a_folder_brings_changes(tmp_path):
    put(tmp_path, "a.mrc", books(1))

    [page] = read(tmp_path)
    assert (names([page]), page.whole) == (["1"], False)


def test_what_was_taken_is_not_new_and_what_is_new_is_read_alone(tmp_path):
    put(tmp_path, "a.mrc", books(1))
    [page] = read(tmp_path)
    put(tmp_path, "b.mrc", books(2))

    [second] = read(tmp_path, page.next_checkpoint)
    [third] = read(tmp_path, second.next_checkpoint)
    assert (names([second]), names([third]), third.last, third.whole) == (["2"], [], True, False)


def test_a_file_with_other_content_is_new_although_its_name_size_and_time_are_the_same(tmp_path):
    put(tmp_path, "a.mrc", books(1), written=1_000_000)
    [page] = read(tmp_path)
    put(tmp_path, "a.mrc", books(2), written=1_000_000)

    assert names(read(tmp_path, page.next_checkpoint)) == ["2"]


def test_a_file_that_was_only_touched_is_not_new(tmp_path):
    put(tmp_path, "a.mrc", books(1), written=1_000_000)
    [page] = read(tmp_path)
    put(tmp_path, "a.mrc", books(1), written=2_000_000)

    assert names(read(tmp_path, page.next_checkpoint)) == []


def test_a_name_with_thousands_of_digits_is_a_name_like_any_other(tmp_path):
    names_of_members = (f"{'9' * 5000}.mrc", f"{'1' * 5000}.mrc", "20.mrc", "3.mrc")
    put(tmp_path, "a.zip", zipped({name: books(at) for at, name in enumerate(names_of_members)}))

    assert names(read(tmp_path)) == ["3", "2", "1", "0"]


def test_files_are_read_in_the_natural_order_of_their_names(tmp_path):
    for number in (10, 9, 1):
        put(tmp_path, f"phần {number}.mrc", books(number))

    assert names(read(tmp_path)) == ["1", "9", "10"]


def test_what_is_no_delivery_is_left_alone(tmp_path):
    outside = put(tmp_path / "other", "x.mrc", books(9))
    folder = tmp_path / "in"
    for name in (".hidden.mrc", "a.mrc.part", "b.tmp", "c.crdownload"):
        put(folder, name, books(8))
    (folder / "below").mkdir()
    (folder / "link.mrc").symlink_to(outside)
    put(folder, "d.mrc", books(1))

    assert names(read(folder)) == ["1"]


def test_all_files_of_a_whole_folder_are_read_again_when_one_changes_or_goes(tmp_path):
    put(tmp_path, "a.mrc", books(1))
    gone = put(tmp_path, "b.mrc", books(2))
    first = read(tmp_path, delivers="whole")[-1]
    same = read(tmp_path, first.next_checkpoint, delivers="whole")
    gone.unlink()
    [less] = read(tmp_path, first.next_checkpoint, delivers="whole")

    assert (names(same), same[0].whole) == ([], False)
    assert (names([less]), less.whole) == (["1"], True)


def test_only_the_newest_file_counts_where_each_is_complete(tmp_path):
    put(tmp_path, "tháng 9.mrc", books(1, 2), written=1_000_000)
    put(tmp_path, "tháng 8.mrc", books(1), written=2_000_000)

    [page] = read(tmp_path, delivers="newest")
    assert (names([page]), page.whole) == (["1"], True)


def test_an_older_file_never_becomes_the_newest_again(tmp_path):
    put(tmp_path, "a.mrc", books(1, 2), written=1_000_000)
    newest = put(tmp_path, "b.mrc", books(1), written=2_000_000)
    [page] = read(tmp_path, delivers="newest")
    newest.unlink()

    assert names(read(tmp_path, page.next_checkpoint, delivers="newest")) == []


@pytest.mark.parametrize("delivers", ["whole", "newest"])
def test_an_empty_folder_is_no_complete_list(tmp_path, delivers):
    with pytest.raises(FolderEmpty):
        read(tmp_path, delivers=delivers)


def test_an_empty_folder_brings_no_changes(tmp_path):
    [page] = read(tmp_path)

    assert (page.records, page.last, page.whole) == ((), True, False)


def test_an_empty_file_is_no_complete_list_but_may_bring_no_changes(tmp_path):
    path = put(tmp_path, "a.mrc", b"")
    with pytest.raises(FileEmpty):
        read(path)

    assert codes(read(tmp_path)) == ["nothing-in-file"]


@pytest.mark.parametrize("name", ["books-deleted.txt", "XOA-2024.TXT", "delete"])
def test_a_file_with_the_name_of_a_delete_list_names_what_is_gone(tmp_path, name):
    put(tmp_path, name, "\ufeff12\r\n\r\n 13 \r\n".encode())

    found = records(read(tmp_path))
    assert [(each.identifier, each.deleted) for each in found] == [("12", True), ("13", True)]


def test_a_delete_list_may_hold_records(tmp_path):
    put(tmp_path, "deleted.mrc", books(12, 13))

    found = records(read(tmp_path))
    assert [(each.identifier, each.deleted) for each in found] == [("12", True), ("13", True)]


def test_delete_lists_say_nothing_beside_a_complete_list(tmp_path):
    put(tmp_path, "all.mrc", books(1))
    put(tmp_path, "deleted.txt", b"1\n")

    assert names(read(tmp_path, delivers="whole")) == ["1"]


def test_changes_in_the_inbox_come_together_and_a_complete_list_alone(tmp_path):
    inbox = tmp_path / "inbox"
    for name in (
        "-changes-b.mrc",
        "-auto-a.mrc",
        "-deletions-c.txt",
        "-whole-d.mrc",
        "-auto-e.mrc",
    ):
        number = len(list(inbox.glob("*"))) + 1 if inbox.is_dir() else 1
        data = b"77\n" if "deletions" in name else books(number)
        put(inbox, f"{number:08}{name}", data)
    put(inbox, "no delivery.mrc", books(99))
    found, checkpoint = [], {}
    for _ in range(4):
        pages = read("file:", checkpoint, inbox=inbox)
        checkpoint = pages[-1].next_checkpoint
        found.append((names(pages), pages[0].whole))

    assert found == [(["1", "2", "77"], False), (["4"], True), (["5"], False), ([], False)]


def test_what_lies_at_the_address_comes_before_the_inbox(tmp_path):
    put(tmp_path / "in", "a.mrc", books(1))
    put(tmp_path / "inbox", "00000001-auto-b.mrc", books(2))

    [first] = read(tmp_path / "in", inbox=tmp_path / "inbox")
    [second] = read(tmp_path / "in", first.next_checkpoint, inbox=tmp_path / "inbox")
    assert (names([first]), names([second])) == (["1"], ["2"])


def test_one_record_is_had_as_the_files_have_it_now(tmp_path):
    put(tmp_path, "a.mrc", books(1, title="Cũ"))
    put(tmp_path, "b.mrc", books(1, title="Mới"))

    page = reader().one(spec(tmp_path), "1")
    assert "Mới".encode() in page.records[0].body
    assert reader().again(page.raw, 1, page.url).records == page.records
    with pytest.raises(NotInFiles):
        reader().record(spec(tmp_path), "2")


def test_all_identifiers_are_told_of_a_complete_list_only(tmp_path):
    path = put(tmp_path, "a.mrc", books(1, 2))

    listed = [header for each in reader().identifiers(spec(path)) for header in each.headers]
    assert [header.identifier for header in listed] == ["1", "2"]
    with pytest.raises(NoCompleteList):
        list(reader().identifiers(spec(tmp_path)))


@pytest.mark.parametrize(
    "url", ["/data", "ftp://a/b", "file:data", "file://server/data", "file:/a\0b", "file:/a%00b"]
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(BadFileAddress):
        read(url)


def test_a_path_may_be_written_as_a_url(tmp_path):
    path = put(tmp_path / "có dấu", "a b.mrc", books(1))

    for url in (f"file:{path}", path.as_uri(), f"file://localhost{path}"):
        assert names(read(url)) == ["1"]


def test_what_only_oai_pmh_has_is_refused(tmp_path):
    wanted = spec(tmp_path)

    for name, value in (("sets", ("a",)), ("start", "2024-01-01"), ("prefix", "marc21")):
        asked = type(wanted)(url=wanted.url, **{name: value})
        with pytest.raises(NotForFiles):
            list(reader().pages(asked, {}))


def test_a_checkpoint_of_another_protocol_means_the_beginning(tmp_path):
    put(tmp_path, "a.mrc", books(1))

    assert names(read(tmp_path, {"token": "x", "sets": []})) == ["1"]


def test_refusals_are_errors_of_a_harvest(tmp_path):
    with pytest.raises(HarvestError):
        read(tmp_path / "nowhere")


def test_names_in_any_encoding_can_be_shown(tmp_path):
    name = os.fsdecode("S\xe1ch.mrc".encode("latin-1"))
    put(tmp_path, name, books(1))

    [page] = read(tmp_path)
    assert page.url == "S\ufffdch.mrc!0"
    assert names(read(tmp_path, page.next_checkpoint)) == []
