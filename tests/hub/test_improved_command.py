"""What a library gets back, on the command line."""

from __future__ import annotations

import json
from dataclasses import replace

from catalogue import database as databases
from catalogue.database import Database
from crosswalks.formats import marcxml
from crosswalks.model import Control, Field
from support.filled import add_library, book, deliver, settle
from support.processes import lienthong, run


def test_what_is_better_is_listed_and_written_to_a_file(tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'lienthong.db'}"
    databases.upgrade(url)
    database = Database.open(url)
    for code, more in (("A", ()), ("B", (Field("500", "  ", (("a", "In lần hai"),)),))):
        add_library(database, code, code)
        made = book("Số đỏ", author="Vũ Trọng Phụng", isbn="9786040000019")
        numbered = replace(made, fields=(Control("001", f"{code}1"), *made.fields, *more))
        deliver(database, code, {"1": numbered})
    settle(database)
    database.close()
    env = {"LIENTHONG_INSTANCE": str(tmp_path)}
    file = tmp_path / "a.xml"

    listed, written, unnamed, unseen, nobody = run(
        lienthong("libraries", "improved", "A", "--json"),
        lienthong("libraries", "improved", "A", "--output", str(file)),
        lienthong("libraries", "improved", "A", "--output", str(tmp_path / "a.doc")),
        lienthong("libraries", "improved", "A", "--view", "hub"),
        lienthong("libraries", "improved", "C"),
        env=env,
    )

    assert json.loads(listed.out) == {"number": "A1", "title": "Số đỏ"}
    assert written.code == 0
    assert "In lần hai".encode() in marcxml.write(marcxml.read(file.read_bytes()))
    assert (unnamed.code, unseen.code, nobody.code) == (2, 2, 2)
    assert "hub" in unseen.err
