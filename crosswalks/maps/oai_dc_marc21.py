"""Simple Dublin Core up to MARC 21: a minimal-level record (leader/17 = 7) a cataloguer can use.

What needs nothing but a place is in oai_dc-marc21.tsv; here is what has to be told apart first.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import NamedTuple

from crosswalks import tables
from crosswalks.dates import entered, issued, year
from crosswalks.identifiers import Identifier, Kind, identify
from crosswalks.languages import marc_code
from crosswalks.model import Control, Element, Field, Record, Schema, Subfield
from crosswalks.text import fold, nfc, word_key

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MIME = re.compile(
    r"(?:application|audio|image|text|video|model|multipart)/[\w.+-]+", re.IGNORECASE
)
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_LIST = re.compile(r"\s*;\s*")

_TYPES = {row[0]: row[1:] for row in tables.rows("types.tsv")}
_THESES = frozenset(row[0] for row in tables.rows("theses.tsv"))
_NUMBERS = {row[0]: row[1:] for row in tables.parse(files(__package__), "oai_dc-identifiers.tsv")}
_COUNTRIES = tables.rows("publisher-countries.tsv")
_CORPORATE = [(where, word_key(words)) for where, words in tables.rows("corporate-names.tsv")]
_BOOK, _MONOGRAPH, _SERIAL = "a", "m", "s"
_CREATOR, _CONTRIBUTOR = "cre", "ctb"
# 008/29 holds the form of item of maps and visual materials, 008/23 that of all others.
_VISUAL = "efgkor"


class Place(NamedTuple):
    """One line of the table: where an element's values go as they are."""

    element: str
    tag: str
    indicators: str
    codes: str
    form: str


class Source:
    """The cleaned values of a Dublin Core record by element, with what several fields need."""

    def __init__(self, record: Record) -> None:
        self._values: dict[str, list[str]] = {}
        for element in record.fields:
            if isinstance(element, Element) and (text := clean(element.text)):
                self._values.setdefault(element.name, []).append(text)
        self.languages = list(dict.fromkeys(filter(None, map(marc_code, self["dc:language"]))))
        self.identifiers = list(dict.fromkeys(map(identify, self["dc:identifier"])))
        self.date = issued(self["dc:date"])
        self.media = [text for text in self["dc:format"] if _MIME.match(text)]
        kinds = [_TYPES[key] for key in map(fold, self["dc:type"]) if key in _TYPES]
        # A general word such as Text says less than a special one beside it.
        self.material, self.level = max(kinds, key=_speciality, default=(_BOOK, _MONOGRAPH))

    def __getitem__(self, element: str) -> list[str]:
        return self._values.get(element, [])


def clean(text: str) -> str:
    """Return text on one line, with character references of HTML resolved once, in NFC."""
    if "&" in text:
        text = _ENTITY.sub(lambda reference: html.unescape(reference[0]), text)
    return nfc(" ".join(text.split()))


def to_marc21(record: Record) -> Record:
    """Return an oai_dc record as MARC 21, its fields in the order of their tags."""
    source = Source(record)
    fields = [field for build in _BUILDERS for field in build(source)]
    fields.sort(key=lambda field: field.tag)
    leader = f"00000n{source.material}{source.level} a22000007u 4500"
    return Record(schema=Schema.MARC21, leader=leader, fields=tuple(fields))


def _speciality(kind: tuple[str, ...]) -> bool:
    return kind != (_BOOK, _MONOGRAPH)


def _coded(source: Source) -> Iterator[Control]:
    """Build 008: no attempt to code (|) what Dublin Core does not tell."""
    date = year(source.date)
    dates = f"s{date}    " if date else "nuuuuuuuu"
    details = ["|"] * 17
    if source.media:
        details[11 if source.material in _VISUAL else 5] = "o"
    if source.material == _BOOK and any(fold(text) in _THESES for text in source["dc:type"]):
        details[6] = "m"
    language = source.languages[0] if source.languages else "und"
    start = f"{entered(source['dc:date'])}{dates}{_country(source):<3}"
    yield Control("008", f"{start}{''.join(details)}{language}|d")


def _country(source: Source) -> str:
    publisher = f" {fold(' '.join(source['dc:publisher']))} "
    return next((code for words, code in _COUNTRIES if f" {words} " in publisher), "xx")


def _numbers(source: Source) -> Iterator[Field]:
    """Build 020, 022, 024, 524, 773 and 856 from identifiers that say themselves what they are."""
    for identifier in source.identifiers:
        yield _numbered(identifier, source)


def _numbered(identifier: Identifier, source: Source) -> Field:
    kind, value, note = identifier
    own = kind is Kind.ISSN and source.level == _SERIAL
    tag, indicators, code, scheme = _NUMBERS["serial-issn" if own else kind]
    extra = {"2": scheme, "q": note}
    if kind is Kind.URL and source.media:
        extra["q"] = source.media[0]
    added = tuple([(name, text) for name, text in extra.items() if text])
    return Field(tag, indicators.replace("_", " "), ((code, value), *added))


def _languages(source: Source) -> Iterator[Field]:
    if len(source.languages) > 1:
        yield Field("041", "0 ", tuple(("a", code) for code in source.languages))
    for text in source["dc:language"]:
        if not marc_code(text):
            yield Field("546", "  ", (("a", text),))


def _names(source: Source) -> Iterator[Field]:
    first, *others = source["dc:creator"] or [""]
    if first:
        yield _name("1", first, ())
    for name in others:
        yield _name("7", name, (("4", _CREATOR),))
    for name in source["dc:contributor"]:
        yield _name("7", name, (("4", _CONTRIBUTOR),))


def _name(block: str, name: str, role: tuple[Subfield, ...]) -> Field:
    """Build X00 or X10; a Vietnamese name in direct order stays as it is (first indicator 0)."""
    if "," in name:
        return Field(f"{block}00", "1 ", (("a", name), *role))
    if _is_corporate(name):
        return Field(f"{block}10", "2 ", (("a", name), *role))
    return Field(f"{block}00", "0 ", (("a", name), *role))


def _is_corporate(name: str) -> bool:
    key = f" {word_key(name)} "
    return any(
        key.startswith(f" {words} ") if where == "begin" else f" {words} " in key
        for where, words in _CORPORATE
    )


def _titles(source: Source) -> Iterator[Field]:
    first, *others = source["dc:title"] or [""]
    if first:
        added = "1" if source["dc:creator"] else "0"
        yield Field("245", f"{added}0", tuple(_title_parts(first)))
    for title in others:
        yield Field("246", "3 ", (("a", title),))


def _title_parts(title: str) -> Iterator[Subfield]:
    """Split a title written in ISBD, leaving its punctuation where MARC 21 keeps it."""
    proper, slash, responsibility = title.partition(" / ")
    main, colon, other = proper.partition(" : ")
    end = " /" if slash else ""
    yield "a", f"{main} :" if colon else main + end
    if colon:
        yield "b", other + end
    if slash:
        yield "c", responsibility


def _imprint(source: Source) -> Iterator[Field]:
    places_and_names = [part for text in source["dc:publisher"] for part in _publisher(text)]
    date = (("c", source.date),) if source.date else ()
    if places_and_names or date:
        yield Field("264", " 1", (*places_and_names, *date))


def _publisher(text: str) -> Iterator[Subfield]:
    place, colon, name = text.partition(" : ")
    if colon:
        yield "a", f"{place} :"
    yield "b", (name if colon else text).rstrip(" ,;")


def _extent(source: Source) -> Iterator[Field]:
    for text in source["dc:format"]:
        if not _MIME.match(text):
            yield Field("300", "  ", (("a", text),))


def _placed(source: Source) -> Iterator[Field]:
    for place in PLACES:
        for text in source[place.element]:
            parts = _LIST.split(text) if place.form == "list" else [text]
            code = place.codes[-1] if _WEB.fullmatch(text) else place.codes[0]
            for part in filter(None, parts):
                yield Field(place.tag, place.indicators.replace("_", " "), ((code, part),))


_BUILDERS: tuple[Callable[[Source], Iterator[Control | Field]], ...] = (
    *(_coded, _numbers, _languages, _names),
    *(_titles, _imprint, _extent, _placed),
)
PLACES = tuple(Place(*row) for row in tables.parse(files(__package__), "oai_dc-marc21.tsv"))
