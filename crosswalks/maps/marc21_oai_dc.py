"""MARC 21 to simple Dublin Core, by the rules of marc21-oai_dc.tsv."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import NamedTuple, TypeAlias

from crosswalks import tables
from crosswalks.dates import year
from crosswalks.identifiers import isbn_of, issn_of
from crosswalks.languages import marc_code
from crosswalks.model import Control, Element, Field, Record, Schema
from crosswalks.punctuation import trim

Form: TypeAlias = Callable[[Field, str], list[str]]

_MATERIALS = {row[0]: row[1] for row in tables.rows("materials.tsv")}
_CREATORS = frozenset(
    ("aut", "cre", "cmp", "art", "pht", "author", "creator", "composer", "tác giả", "soạn giả")
)
_NOT_LANGUAGES = frozenset(("und", "zxx", "mul", "mis"))
_RESOLVERS = {"doi": "https://doi.org/", "hdl": "https://hdl.handle.net/"}


class Rule(NamedTuple):
    """One line of the table: what a field gives to which element, and by which form."""

    element: str
    tag: str
    indicators: str
    codes: str
    form: str
    take: str

    def fits(self, field: Field) -> bool:
        """Tell whether the field has the indicators asked for."""
        return self.indicators == ".." or all(
            want in (".", have) or (want == "_" and have == " ")
            for want, have in zip(self.indicators, field.indicators, strict=False)
        )


def to_oai_dc(record: Record) -> Record:
    """Return a MARC 21 record as oai_dc elements, no value twice in one element."""
    found: dict[int, list[str]] = {}
    for field in (Control("LDR", record.leader), *record.fields):
        for number, rule in _BY_TAG.get(field[0], ()):
            values = _values(rule, field)
            if values:
                found.setdefault(number, []).extend(values)
    return Record(schema=Schema.OAI_DC, fields=tuple(_elements(found)))


def _elements(found: dict[int, list[str]]) -> Iterator[Element]:
    given: dict[str, set[str]] = {}
    for number in sorted(found):
        rule = RULES[number]
        seen = given.setdefault(rule.element, set())
        if seen and rule.take == "first":
            continue
        for value in found[number]:
            if value and value.casefold() not in seen:
                seen.add(value.casefold())
                yield Element(rule.element, (), value)


def _values(rule: Rule, field: Control | Field | Element) -> list[str]:
    if isinstance(field, Field):
        form = _DATA_FORMS.get(rule.form)
        return form(field, rule.codes) if form and rule.fits(field) else []
    if isinstance(field, Control):
        control_form = _CONTROL_FORMS.get(rule.form)
        return [control_form(field.value)] if control_form else []
    return []


def _year(coded: str) -> str:
    """Return Date 1 of 008 where it is a whole year (008/06 b and n: there is none)."""
    date = coded[7:11]
    known = date.isdecimal() and date not in ("0000", "9999") and coded[6:7] not in ("b", "n")
    return date if known else ""


def _language(coded: str) -> str:
    code = coded[35:38]
    return code if code.isalpha() and code not in _NOT_LANGUAGES else ""


def _material(leader: str) -> str:
    return _MATERIALS.get(leader[6:7], "")


def _plain(field: Field, codes: str) -> list[str]:
    return [text for value in field.all(codes) if (text := value.strip())]


def _each(field: Field, codes: str) -> list[str]:
    return [trim(value) for value in field.all(codes)]


def _phrase(field: Field, codes: str) -> list[str]:
    return [trim(_joined(field, codes))]


def _note(field: Field, codes: str) -> list[str]:
    return [_joined(field, codes)]


def _joined(field: Field, codes: str) -> str:
    return " ".join([value.strip() for value in field.all(codes)])


def _creator(field: Field, codes: str) -> list[str]:
    return _phrase(field, codes) if _made_it(field) else []


def _contributor(field: Field, codes: str) -> list[str]:
    return [] if _made_it(field) else _phrase(field, codes)


def _made_it(field: Field) -> bool:
    """Tell whether the relator term or code ($e, $4) is that of a creator."""
    return any(trim(role).lower() in _CREATORS for role in field.all("4e"))


def _subject(field: Field, codes: str) -> list[str]:
    heading, _, subdivisions = codes.partition("|")
    parts = [_joined(field, heading), *field.all(subdivisions)]
    return ["--".join([trim(part) for part in parts if part])]


def _date(field: Field, codes: str) -> list[str]:
    return [year(value) or trim(value) for value in field.all(codes)]


def _isbn(field: Field, codes: str) -> list[str]:
    return [f"urn:ISBN:{number}" for value in field.all(codes) if (number := isbn_of(value))]


def _issn(field: Field, codes: str) -> list[str]:
    return [f"urn:ISSN:{number}" for value in field.all(codes) if (number := issn_of(value))]


def _number(field: Field, codes: str) -> list[str]:
    resolver = _RESOLVERS.get(field.first("2"), "")
    return [resolver + value for value in _plain(field, codes)]


def _languages(field: Field, codes: str) -> list[str]:
    """Return the codes of 041, also where several stand run together as before 2001."""
    runs = [value.strip() for value in field.all(codes)]
    found = [run[at : at + 3] for run in runs for at in range(0, len(run), 3)]
    return [code for code in found if marc_code(code) and code not in _NOT_LANGUAGES]


_CONTROL_FORMS: dict[str, Callable[[str], str]] = {
    "year": _year,
    "language": _language,
    "material": _material,
}
_DATA_FORMS: dict[str, Form] = {
    "plain": _plain,
    "each": _each,
    "phrase": _phrase,
    "note": _note,
    "name": _phrase,
    "creator": _creator,
    "contributor": _contributor,
    "subject": _subject,
    "date": _date,
    "isbn": _isbn,
    "issn": _issn,
    "number": _number,
    "languages": _languages,
}


def _by_tag(rules: tuple[Rule, ...]) -> dict[str, tuple[tuple[int, Rule], ...]]:
    numbered: dict[str, tuple[tuple[int, Rule], ...]] = {}
    for number, rule in enumerate(rules):
        numbered[rule.tag] = (*numbered.get(rule.tag, ()), (number, rule))
    return numbered


RULES = tuple(Rule(*row) for row in tables.parse(files(__package__), "marc21-oai_dc.tsv"))
_BY_TAG = _by_tag(RULES)
