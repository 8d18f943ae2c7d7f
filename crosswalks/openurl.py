"""A MARC 21 record as an OpenURL 1.0, for resolvers and systems of interlibrary loan.

ANSI/NISO Z39.88-2004: the context object by value, inline, in the key/encoded-value format, with
the metadata formats of the registry for books, journals and dissertations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, urlencode

from crosswalks.identifiers import isbn_of
from crosswalks.model import Field, Record

LONGEST = 2000
"""Characters of an address that every browser and server takes."""
_VERSION = "Z39.88-2004"
_FORMAT = "info:ofi/fmt:kev:mtx:"
_MOST_AUTHORS = 3
_TRAILING = " /:;,="
_SHORT = 3
"""Letters of an abbreviation, its full stop among them: H., J., Jr."""
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_ISSN = re.compile(r"\d{4}-?\d{3}[\dXx]")
_PAGES = re.compile(r"\d{1,5}")
_SERIAL = "s"
_TEXT = "at"
"""Leader/06 of what is language material, printed or written."""

Pair = tuple[str, str]


class Source(NamedTuple):
    """Where a record stands and who tells of it."""

    address: str
    """Of its page."""
    domain: str
    """Of whoever makes the OpenURL."""


def openurl(base: str, record: Record, source: Source) -> str:
    """Return the OpenURL of a record at a resolver, at most LONGEST characters long.

    What is least needed is left out where it would be longer, and the title is cut.
    """
    needed = [
        ("url_ver", _VERSION),
        ("url_ctx_fmt", f"{_FORMAT}ctx"),
        ("ctx_ver", _VERSION),
        ("ctx_enc", "info:ofi/enc:UTF-8"),
        ("rfr_id", f"info:sid/{source.domain}:lienthong"),
        ("rft_id", source.address),
        *_kind(record),
    ]
    made = f"{base}{'&' if '?' in base else '?'}{_encoded(needed)}"
    for name, value in _described(record):
        kept = _fitting(name, value, LONGEST - len(made))
        made += f"&{_encoded([(name, kept)])}" if kept else ""
    return made


def _kind(record: Record) -> Iterator[Pair]:
    kind = _kind_of(record)
    yield "rft_val_fmt", f"{_FORMAT}{kind}"
    if kind == "journal":
        yield "rft.genre", "journal"
    elif kind == "book":
        # The format of dissertations has no genre.
        is_book = record.leader[6:7] in _TEXT and record.leader[7:8] == "m"
        yield "rft.genre", "book" if is_book else "document"


def _kind_of(record: Record) -> str:
    if record.leader[7:8] == _SERIAL:
        return "journal"
    return "dissertation" if next(record.data("502"), None) else "book"


def _described(record: Record) -> Iterator[Pair]:
    """Yield what describes the record, the most telling first."""
    kind = _kind_of(record)
    if kind == "journal":
        yield from (("rft.issn", each) for each in _issns(record)[:1])
        yield "rft.jtitle", _title(record)
    else:
        isbns = [found for each in record.values("020", "a") if (found := isbn_of(each))]
        yield from (("rft.isbn", each) for each in isbns[:1])
        yield "rft.title" if kind == "dissertation" else "rft.btitle", _title(record)
    yield "rft.date", year(record)
    yield from _authors(record)
    if kind == "dissertation":
        yield "rft.inst", _first(record, "c", "502")
        yield "rft.degree", _first(record, "b", "502")
    if kind == "book":
        yield "rft.pub", _first(record, "b", "264", "260")
        yield "rft.place", _first(record, "a", "264", "260")
        yield "rft.edition", _first(record, "a", "250")
        yield "rft.series", _first(record, "a", "490", "830")
    if kind != "journal":
        pages = _PAGES.search(_first(record, "a", "300"))
        yield "rft.tpages", pages[0] if pages else ""


def _authors(record: Record) -> Iterator[Pair]:
    people = list(record.data("100", "700"))[:_MOST_AUTHORS]
    for first, person in enumerate(people):
        name = _bare(person.first("a"))
        last, comma, given = name.partition(",")
        if not first and comma and person.indicators[:1] == "1":
            # Only a name under its surname has parts; Vietnamese ones stand as they are said.
            yield "rft.aulast", last.strip()
            yield "rft.aufirst", given.strip()
        yield "rft.au", name
    if _kind_of(record) != "dissertation":
        yield "rft.aucorp", _first(record, "a", "110", "111")


def year(record: Record) -> str:
    """Return the year of publication, as four digits; empty where none is told."""
    imprint = _YEAR.search(_first(record, "c", "264", "260"))
    coded = _YEAR.fullmatch(record.control("008")[7:11])
    found = coded or imprint
    return found[0] if found else ""


def _title(record: Record) -> str:
    field = next(record.data("245"), None)
    if field is None:
        return ""
    proper = ". ".join(map(_bare, field.all("anp")))
    rest = [_bare(each) for each in field.all("b")]
    return ": ".join(filter(None, (proper, *rest)))


def _issns(record: Record) -> list[str]:
    found = (_ISSN.search(each) for each in record.values("022", "a"))
    plain = [each[0].replace("-", "").upper() for each in found if each]
    return [f"{each[:4]}-{each[4:]}" for each in plain]


def _first(record: Record, code: str, *tags: str) -> str:
    for tag in tags:
        for field in record.data(tag):
            if value := _value(field, code):
                return value
    return ""


def _value(field: Field, code: str) -> str:
    return _bare(field.first(code))


def _bare(text: str) -> str:
    """Return a text without the marks of ISBD that lead over to what follows."""
    bare = text.strip(_TRAILING)
    last = bare.rpartition(" ")[2]
    is_short = len(last) <= _SHORT and last.rstrip(".").isalpha()
    return bare if is_short else bare.rstrip(".")


def _fitting(name: str, value: str, room: int) -> str:
    """Return a value that fits into what room there is; of others than titles, all or nothing."""
    kept = " ".join(value.split())
    while kept and len(_encoded([(name, kept)])) + 1 > room:
        if not name.endswith("title"):
            return ""
        kept = kept[: len(kept) * 3 // 4].rpartition(" ")[0] if " " in kept else ""
    return kept


def _encoded(pairs: list[Pair]) -> str:
    return urlencode(pairs, quote_via=quote, safe="", encoding="utf-8", errors="replace")
