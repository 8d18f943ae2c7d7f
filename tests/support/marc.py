"""MARC 21 records written as lines of text, and hypothesis strategies for any record at all."""

from __future__ import annotations

from hypothesis import strategies as st

from crosswalks.model import Control, Field, Record, Schema

BOOK = "00000nam a2200000 a 4500"


def line(text: str) -> Control | Field:
    """Return a field from ``245 10 $aTitle$cName`` (``_`` = blank indicator) or ``001 value``."""
    tag, rest = text[:3], text[4:]
    if tag < "010":
        return Control(tag, rest)
    parts = rest[2:].strip().split("$")[1:]
    return Field(tag, rest[:2].replace("_", " "), tuple((part[0], part[1:]) for part in parts))


def marc(*lines: str, leader: str = BOOK) -> Record:
    """Return a record with these fields, in this order."""
    return Record(schema=Schema.MARC21, leader=leader, fields=tuple(map(line, lines)))


def lines(record: Record, *tags: str) -> list[str]:
    """Return a record's data fields with these tags as ``line`` reads them."""
    return [
        f"{field.tag} {field.indicators.replace(' ', '_')} "
        + "".join(f"${code}{value}" for code, value in field.subfields)
        for field in record.data(*tags)
    ]


_TAGS = st.sampled_from(
    [f"{tag:03}" for tag in (*range(10, 50, 5), 16, 22, 24, 41, 82, 852, 856, 866, 880, 901)]
    + ["100", "110", "111", "130", "240", "245", "246", "250", "260", "264", "300", "336", "338"]
    + ["500", "502", "505", "507", "520", "541", "583", "590", "600", "650", "653", "655", "CAT"]
    + ["700", "710", "711", "730", "773", "830"]
)
_TEXT = """Nguyễn Nhật Ánh Vũ Trọng Phụng Tập 1 một T.2 Hoà Hòa lý 2019 c2010 978-604-0-00001-9
(set) tr. 143tr. (OCoLC)ocm0012345 (LIENTHONG)7 880-01 245-01/r 100-00 Nxb. Trẻ , / : ; lần 3"""
_WORDS = st.sampled_from(_TEXT.split())
_VALUES = st.one_of(st.lists(_WORDS, max_size=6).map(" ".join), st.text(max_size=12))
_CODES = st.sampled_from("abcdefhinpqtuxyz0123569")
_FIELDS = st.builds(
    Field,
    _TAGS,
    st.sampled_from(["  ", "10", "14", "40", "42", " 7", "", "x"]),
    st.lists(st.tuples(_CODES, _VALUES), max_size=4).map(tuple),
)
_CONTROLS = st.builds(
    Control,
    st.sampled_from(["001", "003", "005", "006", "007", "008", "009"]),
    st.text(max_size=42),
)

records = st.builds(
    Record,
    schema=st.just(Schema.MARC21),
    leader=st.one_of(st.just(BOOK), st.text(max_size=26)),
    fields=st.lists(st.one_of(_FIELDS, _FIELDS, _CONTROLS), max_size=14).map(tuple),
)
"""Records of any kind, sensible and not."""
