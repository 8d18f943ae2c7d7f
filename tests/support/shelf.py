"""A hub for the search page: a work in three editions, several kinds, two libraries."""

from __future__ import annotations

from dataclasses import replace

from catalogue.database import Database
from crosswalks.model import Control, Field, Record
from support.filled import add_library, book, deliver, settle

NATIONAL, POLYTECHNIC = "Thư viện Quốc gia Việt Nam", "Thư viện Tạ Quang Bửu"


def of_kind(record: Record, kind: str, language: str = "vie") -> Record:
    """Return a record with other values of Leader/06-07, and another language in 008."""
    leader = record.leader[:6] + kind + record.leader[8:]
    coded = record.control("008")
    coded = f"{coded[:35]}{language}{coded[38:]}"
    others = (field for field in record.fields if isinstance(field, Field))
    return replace(record, leader=leader, fields=(Control("008", coded), *others))


def thesis(record: Record) -> Record:
    """Return a record with a dissertation note."""
    return replace(record, fields=(*record.fields, Field("502", "  ", (("a", "Luận án"),))))


def shelve(database: Database) -> None:
    """Fill a hub; every title begins with ``Chuyện``."""
    add_library(database, "NLV", NATIONAL)
    add_library(database, "HUST", POLYTECHNIC)
    nothan = book("Chuyện nỏ thần", author="Tô Hoài", year="1990", isbn="9786042093026")
    deliver(
        database,
        "NLV",
        {
            "nothan1": nothan,
            "nothan2": book("Chuyện nỏ thần", author="Tô Hoài", year="2004", subject="Cổ tích"),
            "nothan3": book("Chuyện nỏ thần", author="Tô Hoài", year="2019"),
            "an": book("Chuyện ăn uống", author="Đào Hùng", year="2010", subject="Ẩm thực"),
            "ao": book("Chuyện áo dài", author="Đặng Anh", year="2001", subject="Trang phục"),
            "atlat": of_kind(book("Chuyện bản đồ", author="Anh Tú", year="2015"), "em"),
            "english": of_kind(book("Chuyện Story", author="Walker", year="1999"), "am", "eng"),
        },
    )
    deliver(
        database,
        "HUST",
        {
            "nothan1": nothan,
            "luan-an": thesis(book("Chuyện đo lường", author="Bùi An", year="2015")),
            "bai": of_kind(book("Chuyện về Tô Hoài", author="Vũ Ân", year="2021"), "ab"),
            "bao": of_kind(book("Chuyện hằng tuần", year="2014"), "as"),
        },
    )
    settle(database)
