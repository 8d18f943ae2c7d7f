from __future__ import annotations

from contextlib import closing
from pathlib import Path

from catalogue.database import Database
from support.filled import add_library, book, deliver


def test_how_complete_records_are_is_counted_and_told(lienthong, tmp_path: Path):
    assert lienthong("db", "upgrade").code == 0
    url = f"sqlite:///{tmp_path / 'instance' / 'lienthong.db'}"
    with closing(Database.open(url)) as database:
        for code, author in (("A", "Nguyễn Du"), ("B", "")):
            add_library(database, code, code)
            deliver(database, code, {"1": book("Sách", author=author)})
    command = ("libraries", "quality")
    never = lienthong(*command, "A")
    [found] = lienthong(*command, "A", "--count", "--json").json
    shares = {each["name"]: (each["own"], each["average"]) for each in found["shares"]}

    assert (never.code, never.out) == (0, "")
    assert "lienthong libraries quality A --count" in never.err
    assert (found["library"], found["libraries"], found["days"][0]["records"]) == ("A", 2, 1)
    assert shares["author"] == (100.0, 50.0)
    assert "Ký hiệu xếp giá" in lienthong("--lang", "vi", *command, "B").out
    assert lienthong(*command, "C").code == 2
