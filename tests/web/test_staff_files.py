"""Sources of files on screen: added by their folder, tested and looked at like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalogue import sources
from catalogue.database import Database
from support.files import books
from support.staff import boxes, document, inside, post, text
from support.wizard import through
from web.staff.sources.form import suggested


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.mrc").write_bytes(books(1, 2))
    return tmp_path


@pytest.fixture
def client(database: Database) -> FlaskClient:
    return inside(database)


def added(client: FlaskClient, folder: Path) -> None:
    through(client, f"file:{folder}", name="s1", library="L1")


def test_a_folder_is_looked_at_and_added(client, database: Database, folder):
    said = text(post(client, "/staff/look-source", url=f"file:{folder}"))
    added(client, folder)

    assert all(each in said for each in ("a.mrc", "iso2709", "2 records: 1, 2"))
    found = sources.get(database, "s1")
    assert (found.protocol, found.url) == ("file", f"file:{folder}")


def test_it_is_shown_tested_and_changed_like_any_other(client, database: Database, folder):
    added(client, folder)
    shown = text(client.get("/staff/sources/s1/settings"))
    tested = text(post(client, "/staff/sources/s1/test"))
    seen = text(post(client, "/staff/sources/s1/preview"))
    page = document(client.get("/staff/sources/s1/settings"))
    client.post(page.forms[-1].action, data=boxes(page) | {"schedule": "every 6 hours"})

    assert str(folder) in shown
    assert "a.mrc" in tested
    assert "Sách số 1" in seen
    changed = sources.get(database, "s1")
    assert (changed.schedule, changed.protocol) == ("every 6 hours", "file")


def test_a_file_that_is_refused_says_why(client, folder):
    (folder / "a.mrc").write_bytes(b"%PDF-1.7")

    assert "looks like a PDF document" in text(
        post(client, "/staff/look-source", url=f"file:{folder}")
    )


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("file:/data/Thư viện Đà Nẵng", "thu-vien-da-nang"),
        ("file:///data/a%20b.mrc", "a-b"),
        ("file:", "source"),
        ("https://thuvien.example.vn/a.mrc", "thuvien.example.vn"),
    ],
)
def test_a_name_is_suggested_that_can_be_one(url: str, name: str):
    assert suggested(url, {}) == name
