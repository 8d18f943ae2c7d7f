"""A copy described in MARC 21, with the member's habits and its local fields."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from crosswalks.model import Control, Field, Record, Schema, Subfield
from hub.demo import words
from hub.demo.chance import number, pick
from hub.demo.member import Copy
from hub.demo.works import Name, table

_LEADER = "00000nam a2200000 a 4500"
_ARTICLES = {
    "eng": ("The ", "A ", "An "),
    "fre": ("Le ", "La ", "Les ", "L'", "Un ", "Une "),
}
_MOST_NAMES = 3
_CODED = "089"
"""The hundreds of tags whose text nobody spells: numbers, codes, holdings, local fields."""


def describe(copy: Copy) -> Record:
    """Return the MARC 21 record of a copy."""
    fields = sorted(_spelled(copy), key=lambda field: field.tag)
    return Record(schema=Schema.MARC21, leader=_LEADER, fields=(*_control(copy), *fields))


def _control(copy: Copy) -> Iterator[Control]:
    moment = datetime.fromtimestamp(copy.stamp, UTC)
    yield Control("001", f"{copy.number:09}")
    yield Control("003", copy.member.habit("code"))
    yield Control("005", f"{moment:%Y%m%d%H%M%S}.0")
    yield Control("008", _coded(copy, f"{moment:%y%m%d}"))


def _coded(copy: Copy, entered: str) -> str:
    """Return the 40 positions of 008 for books."""
    book, collection = copy.book, copy.book.work.collection
    country = f"{book.publisher.country:3}"
    material = f"    {collection.audience}      000 {collection.literary} "
    return f"{entered}s{book.year}    {country}{material}{copy.language} d"


def _spelled(copy: Copy) -> Iterator[Field]:
    for field in (*_codes(copy), *_names(copy), *_body(copy), *_subjects(copy), *_local(copy)):
        coded = field.tag[0] in _CODED
        write = words.normal if coded else words.spelled
        subfields = tuple((code, write(copy, text)) for code, text in field.subfields)
        yield Field(field.tag, field.indicators, subfields)


def _codes(copy: Copy) -> Iterator[Field]:
    work, isbn = copy.book.work, words.isbn_of(copy)
    if isbn:
        price = number(18, 240, "price", copy.book.truth) * 1000
        yield _field("020", "  ", ("a", isbn), ("c", f"{price}đ"))
    yield _field("040", "  ", ("a", copy.member.habit("code")), ("b", "vie"), ("e", "aacr2"))
    source, _ = work.original
    if source:
        yield _field("041", "1 ", ("a", copy.language), ("h", source))
    else:
        yield _field("041", "0 ", ("a", copy.language))
    yield _field("044", "  ", ("a", copy.book.publisher.country))
    yield _field("082", "04", ("2", "23"), ("a", work.ddc), ("b", _item_number(copy)))


def _item_number(copy: Copy) -> str:
    """Return the letters and number that follow the class: ``D250M``."""
    first, *rest = unicodedata.normalize("NFC", copy.book.work.title).split()
    last = rest[0][0].upper() if rest else ""
    return f"{first[0].upper()}{number(100, 599, 'item', copy.book.work.title)}{last}"


def _names(copy: Copy) -> Iterator[Field]:
    main = main_entry(copy)
    others = [name for name in copy.book.work.names if name is not main]
    if main:
        yield _name_field(copy, main, "1")
    for name in others[:_MOST_NAMES]:
        yield _name_field(copy, name, "7")


def main_entry(copy: Copy) -> Name | None:
    """Return who the record is entered under, or None for the title."""
    first = copy.book.work.names[0]
    if first.role in ("", "ch.b.") and copy.habit("main_entry") == "author":
        return first
    return None


def _name_field(copy: Copy, name: Name, hundreds: str) -> Field:
    more: list[Subfield] = []
    dates = _authors().get(name.direct, {}).get("dates", "")
    if dates:
        more.append(("d", dates))
    if name.role:
        more += [("e", name.role), ("4", words.relator(name.role))]
    if name.corporate:
        return _field(f"{hundreds}10", "2 ", ("a", name.direct), *more)
    heading = copy.person(name)
    return _field(f"{hundreds}00", "1 " if "," in heading else "0 ", ("a", heading), *more)


@cache
def _authors() -> dict[str, dict[str, str]]:
    return {row["name"].replace("^", ""): row for row in table("authors")}


def _body(copy: Copy) -> Iterator[Field]:
    book, work = copy.book, copy.book.work
    if work.original[1] and copy.member.column == "city":
        yield _field("240", "10", ("a", work.original[1]), ("l", "Tiếng Việt"))
    yield _title(copy)
    edition = words.edition(copy)
    if edition:
        yield _field("250", "  ", ("a", edition))
    imprint = (("a", copy.place()), ("b", copy.publisher()), ("c", str(book.year)))
    yield _punctuated(copy, "260", "  ", imprint)
    yield _punctuated(copy, "300", "  ", (("a", copy.pages()), ("c", copy.height())))
    if work.series:
        yield _field("490", "0 ", ("a", work.series))
    for note in _notes(copy):
        yield _field("500", "  ", ("a", note))


def _title(copy: Copy) -> Field:
    work = copy.book.work
    parts = (
        ("a", work.title),
        ("b", work.subtitle),
        ("n", copy.volume()),
        ("c", words.responsibility(work)),
    )
    indicators = f"{1 if main_entry(copy) else 0}{_nonfiling(copy)}"
    return _punctuated(copy, "245", indicators, tuple(part for part in parts if part[1]))


def _nonfiling(copy: Copy) -> int:
    title = copy.book.work.title
    articles = _ARTICLES.get(copy.language, ())
    return next((len(article) for article in articles if title.startswith(article)), 0)


_MARKS = {
    "245": {"b": " :", "n": ".", "c": " /"},
    "260": {"b": " :", "c": ","},
    "300": {"c": " ;"},
}


def _punctuated(copy: Copy, tag: str, indicators: str, subfields: tuple[Subfield, ...]) -> Field:
    """Return a field with ISBD punctuation before its subfields, where the record has that."""
    if copy.habit("ending") == "none":
        return Field(tag, indicators, subfields)
    following = [code for code, _ in subfields[1:]] + [""]
    marks = _MARKS[tag]
    return Field(
        tag,
        indicators,
        tuple(
            (code, text + marks.get(after, ""))
            for (code, text), after in zip(subfields, following, strict=True)
        ),
    )


def _notes(copy: Copy) -> Iterator[str]:
    """Yield what only the national library notes."""
    if copy.member.column != "national":
        return
    work = copy.book.work
    source, title = work.original
    if title:
        yield f"Tên sách tiếng {words.language(source)['name']}: {title}"
    real = _authors().get(work.names[0].direct, {}).get("real", "")
    if real and copy.language == "vie":
        yield f"Tên thật tác giả: {real}"


def _subjects(copy: Copy) -> Iterator[Field]:
    work, habit = copy.book.work, copy.habit("subject")
    source = (("2", "Bộ TK TVQG"),) if habit == "thesaurus" else ()
    tag, indicators = ("653", "  ") if habit == "keyword" else ("650", " 7" if source else " 4")
    for subject in work.subjects:
        yield _field(tag, indicators, ("a", subject), *source)
    if work.genre and tag == "650":
        yield _field("655", indicators, ("a", work.genre), *source)


def _local(copy: Copy) -> Iterator[Field]:
    """Yield call numbers and the fields that mean something in the member's own system only."""
    call = f"{copy.book.work.ddc} {_item_number(copy)}"
    code = copy.member.habit("code")
    if copy.member.column == "national":
        yield _field("852", "  ", ("a", code), ("b", "Kho đọc"), ("j", f"VV{copy.number:08}"))
        yield _field("911", "  ", ("a", pick(("Lê Thu Hà", "Đỗ Văn Hùng"), "by", copy.number)))
        yield _field("925", "  ", ("a", "G"))
        yield _field("927", "  ", ("a", "SH"))
        return
    branch = pick(("Kho mở", "Phòng thiếu nhi", "Kho lưu động"), "branch", copy.number)
    yield _field("942", "  ", ("c", "BK"), ("2", "ddc"))
    yield _field("952", "  ", ("a", code), ("c", branch), ("o", call), ("p", f"TP{copy.number:07}"))
    yield _field("999", "  ", ("c", str(copy.number)), ("d", str(copy.number)))


def _field(tag: str, indicators: str, *subfields: Subfield) -> Field:
    return Field(tag, indicators, subfields)
