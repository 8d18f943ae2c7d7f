"""What T1 stores of a record, held against digests of it: making it quicker may change nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from catalogue.model import Mapped, Source
from catalogue.raw import unpack
from catalogue.store.prepare import Incoming, content_hash, prepare
from crosswalks import stored
from crosswalks.formats import iso2709
from crosswalks.model import Control, Field, Page, RawRecord, Record, Schema
from scheduler.mapping import map_page
from support.formats import LEADER, MARC_RECORDS, gpo_states, hcmut, loc_books

SOURCE = Source(name="s", library="L", protocol="oai-pmh", url="http://127.0.0.1/")
OWN = (
    (("245", "10", "a", "Truyện Kiều :", "b", "thơ /", "c", "Nguyễn Du ; Đào Duy Anh hiệu khảo"),),
    (
        ("245", "00", "a", "Toán 5. Tập 2"),
        ("260", "  ", "a", "H. :", "b", "Nxb. Giáo dục,", "c", "c2003"),
    ),
    (
        ("100", "1 ", "a", "GS. TS. Nguyễn, Văn Lý,", "d", "1950-"),
        ("245", "10", "a", "Lí luận hoà bình"),
    ),
    (
        ("245", "10", "a", "Gardens of the sun. Part III, Sky"),
        ("700", "1 ", "a", "O'Hara, Mary K.", "e", "ed."),
    ),
    (
        ("020", "  ", "a", "0-19-503745-6 (pbk.)"),
        ("020", "  ", "a", "9780195037456"),
        ("245", "10", "a", "C++ & C#"),
    ),
    (
        ("020", "  ", "a", "604-1-00001-X", "q", "trọn bộ"),
        ("245", "10", "a", "𠀋𡃁 Hán Nôm ﬁnal ſigma ΣΑΣ"),
    ),
    (("035", "  ", "a", "(OCoLC)ocm00012345"), ("016", "7 ", "a", "VN-2003 0077", "2", "VnHaNLV")),
    (
        ("245", "10", "a", 'Quote " back \\ slash\ttab \x1b', "h", "[electronic resource]"),
        ("856", "40", "u", "http://x"),
    ),
    (
        ("300", "  ", "a", "xii, 345 tr. ;", "c", "21 cm +", "e", "1 CD"),
        ("250", "  ", "a", "Tái bản lần thứ ba"),
    ),
    (("773", "0 ", "t", "Tạp chí"), ("245", "10", "a", "ủy-ban Mỹ_học", "n", "Q. II,", "p", "Thơ")),
    (
        ("110", "2 ", "a", "Viện Văn học", "b", "Ban 1"),
        ("264", " 1", "b", "KHXH ; Thế giới", "c", "[1999?], ©2001"),
    ),
    (
        ("245", "10", "a", "Nha\u0300 xua\u0302\u0301t ba\u0309n \u200bkín\u00ad"),
        ("502", "  ", "a", "Luận án tiến sĩ"),
    ),
)


def own() -> list[bytes]:
    """Return records with all that has to be looked at twice."""
    return [iso2709.write(_record(number, fields)) for number, fields in enumerate(OWN)]


def _record(number: int, fields: Iterable[tuple[str, ...]]) -> Record:
    made = [
        Field(tag, two, tuple(zip(rest[::2], rest[1::2], strict=True)))
        for tag, two, *rest in fields
    ]
    head = (
        Control("001", f"n{number}"),
        Control("005", "20240101000000.0"),
        Control("008", "030101s2003    vm a     b    000 0 vie d"),
    )
    return Record(schema=Schema.MARC21, leader=LEADER, fields=(*head, *made))


def incoming(records: list[bytes]) -> list[Incoming]:
    """Return what T1 would write of these."""
    raws = [
        RawRecord(identifier=f"r{at}", format="iso2709", body=body, position=at)
        for at, body in enumerate(records)
    ]
    page = Page(number=1, url="x", records=tuple(raws), next_checkpoint={}, raw=b"", last=True)
    mapped = map_page(page, SOURCE, ())
    return prepare(page, mapped.records, mapped.problems)


def digest(each: Iterable[Incoming]) -> str:
    """Return one hash over all that is stored of records."""
    told = hashlib.sha256()
    for one in each:
        content = one.content
        kept = content and (content.parsed, content.hash, content.features, content.keys)
        told.update(
            repr((one.raw.identifier, one.raw_hash, kept, one.read, one.suppressed)).encode()
        )
        told.update(
            repr(
                [(p.code, p.severity.value, p.field, p.sample, p.detail) for p in one.problems]
            ).encode()
        )
    return told.hexdigest()[:16]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (loc_books, "94b1cdc35b47feb9"),
        (gpo_states, "cf2022cce76aa1e7"),
        (hcmut, "02368982359144cf"),
    ],
)
def test_records_of_real_catalogues_are_stored_as_ever(
    records: Callable[[Path, int], list[bytes]], expected: str, shared: Path
) -> None:
    found = digest(incoming(records(shared, 1200)))

    assert found == expected


def test_records_that_have_to_be_looked_at_twice_are_stored_as_ever() -> None:
    assert digest(incoming(own())) == "92ae6f6553ecaf5c"


def test_the_bytes_are_kept_as_they_came() -> None:
    records = own()

    assert records == [unpack(each.packed()) for each in incoming(records)]


@given(MARC_RECORDS)
def test_a_record_is_kept_as_json_and_its_hash_leaves_005_out(record: Record) -> None:
    rest = tuple(f for f in record.fields if not (isinstance(f, Control) and f.tag == "005"))
    text = stored.to_json(replace(record, fields=rest))

    assert hashlib.blake2b(text.encode(), digest_size=16).digest() == content_hash(record)


@given(MARC_RECORDS)
def test_what_is_stored_of_a_record_is_its_json_and_its_hash(record: Record) -> None:
    content = _prepared(record).content

    assert content is not None
    assert (stored.to_json(record), content_hash(record)) == (content.parsed, content.hash)


@pytest.mark.parametrize("letter", ["\0", "\ud800"])
@pytest.mark.parametrize("place", ["leader", "control", "tag", "code", "value", "indicators"])
def test_a_record_with_what_no_database_holds_is_refused(letter: str, place: str) -> None:
    at = {
        name: letter if name == place else "" for name in ("control", "code", "value", "indicators")
    }
    record = Record(
        schema=Schema.MARC21,
        leader=letter if place == "leader" else LEADER,
        fields=(
            Control("001", "x" + at["control"]),
            Field(
                "245" + (letter if place == "tag" else ""),
                "1" + at["indicators"],
                ((at["code"] or "a", "T" + at["value"]),),
            ),
        ),
    )

    assert [problem.code for problem in _prepared(record).problems] == ["not-storable"]


def test_a_backslash_before_u0000_is_text_like_any_other() -> None:
    record = Record(schema=Schema.MARC21, leader=LEADER, fields=(Control("001", "\\u0000"),))

    assert _prepared(record).content is not None


def _prepared(record: Record) -> Incoming:
    raw = RawRecord(identifier="a", format="marc21", body=b"x")
    page = Page(number=1, url="x", records=(raw,), next_checkpoint={}, raw=b"", last=True)
    [only] = prepare(page, {0: Mapped(record, "v")}, {0: ()})
    return only
