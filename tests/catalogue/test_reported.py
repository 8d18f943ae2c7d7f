"""Errors that readers report: one ticket each, for those whom it concerns, until it is closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from catalogue import libraries, records
from catalogue.alerts import channels, store
from catalogue.alerts.errors import BadMailAddress
from catalogue.alerts.model import Channel, ChannelKind
from catalogue.alerts.model import Kind as Told
from catalogue.alerts.tables import MessageRow
from catalogue.database import Database
from catalogue.model import Library
from catalogue.sql import table
from catalogue.tickets import looking, working
from catalogue.tickets.errors import (
    BadReport,
    ClosedByStaff,
    NoSuchTicket,
    TicketChanged,
    TooManyReports,
)
from catalogue.tickets.model import By, Kind, Report, State, Wanted
from catalogue.tickets.opening import MOST_OPEN, open_ticket
from catalogue.tickets.tables import TicketRow
from catalogue.tickets.telling import PAUSE, tell_due
from support.engines import SQLITE_USUALLY
from support.pages import Book, add_source, books, deliver, place_all

WRONG = Report(kind=Kind.DESCRIPTION, text="Năm xuất bản là 1938.", mail="doc@example.vn")
LAN = By(person="lan")
NOW = 1_800_000_000


@pytest.fixture
def union(database: Database) -> Database:
    """A and B share a book, B and C have one more each; D holds nothing."""
    for name, library in (("s1", "A"), ("s2", "B"), ("s3", "C")):
        add_source(database, name, library)
    deliver(database, "s1", *books([("a", Book())]))
    deliver(database, "s2", *books([("b", Book()), ("c", Book(title="Vỡ đê"))]))
    deliver(database, "s3", *books([("d", Book(title="Giông tố"))]))
    libraries.add(database, Library(code="D"))
    place_all(database)
    return database


def of(database: Database, name: str) -> str:
    return records.get(database, *name.split("/")).cluster


def opened(database: Database, name: str = "s1/a", report: Report = WRONG, *holders: str) -> int:
    return open_ticket(database, of(database, name), "Số đỏ", report, holders)


def codes(database: Database, number: int) -> list[str]:
    return [each.code for each in looking.get(database, number).ticket.libraries]


def test_one_report_is_one_ticket_of_all_whose_record_it_is(union: Database):
    first, again = opened(union), opened(union)
    shouted = opened(union, report=Report(kind=Kind.DESCRIPTION, text="  năm XUẤT bản là 1938. "))
    other = opened(union, "s2/c", WRONG, "D", "NONE")
    found = looking.get(union, first)

    assert first == again == shouted != other
    assert codes(union, first) == ["A", "B"]
    assert codes(union, other) == ["B", "D"]
    assert [(each.library, each.identifier) for each in found.parts] == [("A", "a"), ("B", "b")]
    assert (found.ticket.state, found.ticket.answerable) == (State.OPEN, True)
    assert "doc@example.vn" not in repr(found)


@SQLITE_USUALLY
def test_what_says_nothing_or_too_much_is_refused(union: Database):
    for wrong, refused in (
        (Report(kind=Kind.OTHER, text=" .,; "), BadReport),
        (Report(kind=Kind.OTHER, text="a" * 2001), BadReport),
        (Report(kind=Kind.OTHER, text="Sai tên tác giả", mail="a@b\nBcc: c@d"), BadMailAddress),
    ):
        with pytest.raises(refused):
            opened(union, report=wrong)
    assert looking.listing(union, Wanted()) == []


@SQLITE_USUALLY
def test_a_record_has_only_so_many_reports_that_nobody_looked_at(union: Database):
    for number in range(MOST_OPEN):
        opened(union, report=Report(kind=Kind.OTHER, text=f"Sai lần thứ {number}"))

    with pytest.raises(TooManyReports):
        opened(union, report=Report(kind=Kind.OTHER, text="Sai thêm một lần"))
    working.move(union, 1, State.LOOKING, "", LAN)
    assert opened(union, report=Report(kind=Kind.OTHER, text="Sai thêm một lần"))


@SQLITE_USUALLY
def test_a_member_sees_what_concerns_it_and_of_that_nothing_of_others(union: Database):
    number = opened(union)
    working.note(union, number, "A đã sửa", By(person="an", library="A"))
    working.note(union, number, "B không sai", By(person="binh", library="B"))
    working.note(union, number, "xin xem lại", LAN)
    seen = looking.get(union, number, "B")

    assert [each.note for each in seen.events] == ["", "B không sai", "xin xem lại"]
    assert [each.identifier for each in seen.parts] == ["b"]
    for act in (
        lambda: looking.get(union, number, "C"),
        lambda: working.note(union, number, "x y z", By(person="cuc", library="C")),
        lambda: working.move(union, number, State.MENDED, "", By(person="cuc", library="C")),
        lambda: looking.get(union, number + 9),
    ):
        with pytest.raises(NoSuchTicket):
            act()


@SQLITE_USUALLY
def test_a_page_that_is_out_of_date_does_nothing_and_pressed_twice_is_once(union: Database):
    number = opened(union)
    seen = By(person="lan", seen=0)
    told = [working.move(union, number, State.LOOKING, "để xem", seen) for _ in range(2)]
    noted = [working.note(union, number, "sách ghi 1936", LAN) for _ in range(2)]

    assert (told, noted) == ([True, False], [True, False])
    with pytest.raises(TicketChanged):
        working.move(union, number, State.NO_ERROR, "", By(person="minh", seen=0))
    with pytest.raises(TicketChanged):
        working.note(union, number, "khác", By(person="minh", seen=0))
    with pytest.raises(BadReport):
        working.note(union, number, " \n ", LAN)
    assert [each.state for each in looking.get(union, number).events] == [
        *(State.OPEN, State.LOOKING, State.LOOKING)
    ]


@SQLITE_USUALLY
def test_a_library_closes_what_concerns_it_alone(union: Database):
    shared, own = opened(union), opened(union, "s3/d")

    with pytest.raises(ClosedByStaff):
        working.move(union, shared, State.MENDED, "", By(person="an", library="A"))
    working.move(union, own, State.MENDED, "đã sửa", By(person="cuc", library="C"))
    assert looking.get(union, own).ticket.state is State.MENDED
    assert opened(union, "s3/d") != own


def test_sent_twice_at_the_same_moment_it_is_one_ticket(union: Database):
    with ThreadPoolExecutor(4) as people:
        numbers = list(people.map(lambda _: opened(union), range(8)))

    assert len({*numbers}) == 1
    assert codes(union, numbers[0]) == ["A", "B"]


def test_lists_are_by_state_and_library_a_page_at_a_time(union: Database):
    numbers = [
        opened(union, name, Report(kind=Kind.LINK, text=f"Hỏng liên kết {at}"))
        for at in range(4)
        for name in ("s1/a", "s2/c")
    ]
    working.move(union, numbers[0], State.MENDED, "", LAN)
    working.move(union, numbers[3], State.LOOKING, "", LAN)

    def listed(**wanted: object) -> list[int]:
        return [each.id for each in looking.listing(union, Wanted(**wanted))]

    assert listed() == numbers[:0:-1]
    assert listed(finished=True) == numbers[::-1]
    assert listed(state=State.MENDED) == numbers[:1]
    assert listed(limit=3, before=numbers[5]) == numbers[4:1:-1]
    assert listed(library="A") == [numbers[6], numbers[4], numbers[2]]
    assert listed(library="A", finished=True, before=numbers[6]) == numbers[4::-2]
    assert listed(library="C") == []
    assert (looking.unfinished(union), looking.unfinished(union, "A")) == (7, 3)


@SQLITE_USUALLY
def test_a_ticket_follows_its_record_into_the_one_that_it_is_merged_with(union: Database):
    number = opened(union, "s3/d")
    deliver(union, "s3", *books([("d", Book(title="Vỡ đê"))]))
    place_all(union)
    # Whichever id lives on: it is found under that, with the records that it has now.
    found = looking.get(union, number)

    assert found.ticket.record == of(union, "s3/d") == of(union, "s2/c")
    assert {each.identifier for each in found.parts} == {"c", "d"}


def told(database: Database) -> list[tuple[str, int]]:
    """Return to whom messages were written, with how many tickets each."""
    query = table(MessageRow).select().order_by(table(MessageRow).c.id)
    with database.reading_primary() as connection:
        rows = connection.execute(query).all()
        names = {each.id: each.name for each in channels.some(connection)}
    return [(names[row.channel_id], row.payload.count(",") + 1) for row in rows]


def test_staff_and_libraries_are_told_once_and_not_more_than_once_an_hour(union: Database):
    for name, library in (("lan", ""), ("a", "A"), ("c", "C")):
        channels.add(
            union,
            Channel(name=name, kind=ChannelKind.MAIL, target=f"{name}@example.vn", library=library),
        )
    opened(union)
    first = tell_due(union, NOW)
    for text in ("Sai nhan đề", "Sai tác giả"):
        opened(union, report=Report(kind=Kind.DESCRIPTION, text=text))
    opened(union, "s3/d")
    at_once, later = tell_due(union, NOW + PAUSE - 1), tell_due(union, NOW + PAUSE)

    assert (first, at_once, later, tell_due(union, NOW + 2 * PAUSE)) == (1, 0, 3, 0)
    assert told(union) == [("lan", 1), ("a", 1), ("lan", 3), ("a", 2), ("c", 1)]
    assert [each.kind for each in store.listing(union)] == [Told.TICKET] * 4


@SQLITE_USUALLY
def test_whoever_left_an_address_is_written_to_at_the_end_and_the_address_goes(union: Database):
    answered, silent = opened(union), opened(union, "s3/d", Report(kind=Kind.LINK, text="Hỏng rồi"))
    for number in (answered, silent):
        working.move(union, number, State.MENDED, "đã sửa", LAN)

    assert told(union) == [(working.CHANNEL, 1)]
    assert working.address_of(union, answered) == "doc@example.vn"
    assert working.forget_addresses(union, 1) == 0
    old = update(TicketRow).values(opened=1)
    union.writing(lambda connection: connection.execute(old))
    assert working.forget_addresses(union, 1) == 1
    assert working.address_of(union, answered) == ""
