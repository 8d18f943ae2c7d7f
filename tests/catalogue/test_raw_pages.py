from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import update

from catalogue import raw
from catalogue.blobs import DatabaseRawStore
from catalogue.raw import FolderRawStore, name_of
from catalogue.tables import RawBlobRow

PAGE = "<OAI-PMH>Số đỏ</OAI-PMH>".encode() * 1000


def files(store: FolderRawStore) -> list[str]:
    return [path.name for path in store.folder.rglob("*") if path.is_file()]


def test_a_page_comes_back_as_it_was(tmp_path):
    store = FolderRawStore(tmp_path / "raw")

    assert store.get(store.put(PAGE)) == PAGE


def test_a_page_that_is_not_kept_is_said_so(tmp_path):
    with pytest.raises(KeyError):
        FolderRawStore(tmp_path / "raw").get(name_of(PAGE))


def test_a_page_that_an_earlier_version_kept_a_folder_deeper_is_the_same_page(tmp_path):
    store, name = FolderRawStore(tmp_path / "raw"), name_of(PAGE)
    earlier = store.folder / name[:2] / name[2:4] / f"{name}.zst"
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(raw.pack(PAGE))
    store.put(PAGE)

    assert store.get(name) == PAGE
    assert [each.name for each in store.stored()] == [name]
    assert store.remove(name, earlier.stat().st_mtime + 1) > 0
    assert files(store) == []


def test_many_who_put_one_page_at_once_leave_one_whole_file(tmp_path):
    store = FolderRawStore(tmp_path / "raw")
    with ThreadPoolExecutor(8) as workers:
        assert set(workers.map(store.put, [PAGE] * 64)) == {name_of(PAGE)}

    assert files(store) == [f"{name_of(PAGE)}.zst"]
    assert store.get(name_of(PAGE)) == PAGE


def test_a_page_that_could_not_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    store = FolderRawStore(tmp_path / "raw")
    monkeypatch.setattr(raw, "pack", lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        store.put(PAGE)

    assert files(store) == []


def test_every_folder_made_for_a_page_is_on_the_disk_too(tmp_path, monkeypatch):
    synced = []
    sync = os.fsync

    def fsync(handle):
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())
        sync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    store = FolderRawStore(tmp_path / "instance" / "raw")
    name = store.put(PAGE)

    made = [store.folder.parent, store.folder, store.folder / name[:2]]
    assert [each for each in synced if each.is_dir()] == [tmp_path, *made]


def test_pages_are_kept_in_the_database_too(database):
    store = DatabaseRawStore(database)
    name = store.put(PAGE)
    again = store.put(PAGE)

    [kept] = store.stored()
    assert (name, again) == (name_of(PAGE), kept.name)
    assert store.get(name) == PAGE
    assert store.size(name) == kept.size < len(PAGE)


def test_a_page_of_the_database_goes_unless_it_was_put_again(database):
    store = DatabaseRawStore(database)
    name = store.put(PAGE)
    young = store.remove(name, 1)
    old = store.remove(name, float("inf"))

    assert young == 0 < old
    with pytest.raises(KeyError):
        store.get(name)


def test_a_damaged_page_of_the_database_is_not_given_out(database):
    store = DatabaseRawStore(database)
    name, other = store.put(PAGE), store.put(b"other")
    for body in (raw.pack(b"other"), b"no zstd"):
        database.writing(
            lambda connection, body=body: connection.execute(
                update(RawBlobRow).where(RawBlobRow.name == name).values(body=body)
            )
        )
        with pytest.raises(KeyError):
            store.get(name)

    assert store.get(other) == b"other"
