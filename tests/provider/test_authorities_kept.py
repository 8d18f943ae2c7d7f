"""Delivered headings and their links stay as they came, whatever lists of authorities say."""

from __future__ import annotations

import pytest

from crosswalks.model import Field
from provider.lookup import Lookup
from support.authorities import WRITERS, take_table
from support.filled import add_library, book, deliver, settle

FIELDS = (
    Field("100", "0 ", (("a", "Tố Như"), ("0", "(VN)p1"), ("1", "http://viaf.org/viaf/1"))),
    Field("650", " 7", (("a", "AIDS"), ("0", "http://e/1"), ("2", "bkt"))),
    Field("700", "0 ", (("a", "Nguyễn, Sen"), ("0", "(VN)p3"))),
)


@pytest.fixture(params=["sqlite"])
def engine(request):
    return request.getfixturevalue(f"{request.param}_engine")


def test_headings_and_their_links_are_never_written_over(database):
    add_library(database, "NLV", "Thư viện Quốc gia")
    take_table(database)
    made = book("Bắc hành tạp lục")
    for text in (WRITERS, WRITERS.replace("Tố Như; ", "")):
        take_table(database, text)
        fields = tuple(sorted((*made.fields, *FIELDS), key=lambda field: field[0]))
        record = type(made)(schema=made.schema, leader=made.leader, fields=fields)
        deliver(database, "NLV", {"a": record})
        settle(database)
        lookup = Lookup(database)
        [master] = lookup.records(["000000001"]).values()

        assert list(master.record.data("100", "650", "700")) == list(FIELDS)
