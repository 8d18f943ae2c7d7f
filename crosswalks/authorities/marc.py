"""Authority records of MARC 21: 1XX the heading, 4XX what leads to it, 5XX what else to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from crosswalks.authorities.model import Entry, Kind, Name, Related, Relation, clean
from crosswalks.model import Field, Record

_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "00": Kind.PERSON,
        "10": Kind.CORPORATE,
        "11": Kind.MEETING,
        "30": Kind.TITLE,
        "47": Kind.TOPIC,
        "48": Kind.TOPIC,
        "50": Kind.TOPIC,
        "51": Kind.PLACE,
        "55": Kind.GENRE,
    }
)
"""The last two digits of a heading's tag -> what it names (MARC 21 Authority, 1XX)."""
_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "00": "abcdfghklmnopqrstvxyz",
        "10": "abcdfghklmnoprstvxyz",
        "11": "acdefghklnpqstvxyz",
        "30": "adfghklmnoprstvxyz",
        "47": "acdgvxyz",
        "48": "avxyz",
        "50": "abgvxyz",
        "51": "agvxyz",
        "55": "avxyz",
    }
)
"""Subfields that a heading is made of, as bibliographic records have them."""
_RELATIONS: Mapping[str, Relation] = MappingProxyType(
    {
        "a": Relation.EARLIER,
        "b": Relation.LATER,
        "g": Relation.BROADER,
        "h": Relation.NARROWER,
        "t": Relation.BROADER,
    }
)
"""5XX $w/0 (tracing and reference fields: general information)."""
_IDENTITY = ("identity", "pseudonym", "pen name", "real name", "bút danh", "tên thật")
"""What 5XX $i says where it leads to another name of the same person."""
_PSEUDONYM = "c"
"""$w/3 of a reference that 663 explains: by old practice that is how pen names are traced."""
_DELETED = frozenset("dosx")
_GEOGRAPHIC = "("


def entry(record: Record) -> Entry | None:
    """Return the authority that a record is, None for one that was deleted.

    The heading is empty where there is no 1XX.
    """
    if record.leader[5:6] in _DELETED:
        return None
    heading = next(_tagged(record, "1"), None)
    if heading is None:
        return Entry(number=_number(record), kind=Kind.TOPIC, heading="")
    found = _heading(heading)
    names = [Name(text, "") for field in _tagged(record, "4") if (text := _heading(field))]
    return Entry(
        number=_number(record),
        kind=_kind(heading),
        heading=found,
        names=tuple(dict.fromkeys(each for each in names if each.text != found)),
        related=tuple(dict.fromkeys(_related(record))),
        same=tuple(dict.fromkeys(_same(record))),
        notes=_texts(record, "663", "664", "665", "666", "667", "678", "680", "681"),
        sources=_texts(record, "670"),
    )


def _tagged(record: Record, digit: str) -> Iterator[Field]:
    for field in record.fields:
        if isinstance(field, Field) and field.tag[:1] == digit and field.tag[1:] in _KINDS:
            yield field


def _kind(field: Field) -> Kind:
    return Kind.TITLE if field.first("t") else _KINDS[field.tag[1:]]


def _heading(field: Field) -> str:
    return clean(" ".join(field.all(_PARTS[field.tag[1:]])))


def _number(record: Record) -> str:
    """Return 001, else the number of 010; 003 is left to the list, which is of one agency."""
    return clean(record.control("001")) or clean(next(iter(record.values("010", "a")), ""))


def _related(record: Record) -> Iterator[Related]:
    for field in _tagged(record, "5"):
        if text := _heading(field):
            yield Related(_relation(field), text, _linked(field))


def _relation(field: Field) -> Relation:
    said = field.first("w")
    if field.tag[1:] == "00":
        told = " ".join(field.all("i")).casefold()
        if any(word in told for word in _IDENTITY) or said[3:4] == _PSEUDONYM:
            return Relation.IDENTITY
    return _RELATIONS.get(said[:1], Relation.ALSO)


def _linked(field: Field) -> str:
    """Return the number that $0 gives, without the agency's code in brackets."""
    said = field.first("0").strip()
    return clean(said.partition(")")[2] if said.startswith(_GEOGRAPHIC) else said)


def _same(record: Record) -> Iterator[str]:
    """Yield what else names the same: 024 with its source, 010, and 7XX $0 and $1."""
    for field in record.data("024"):
        value = clean(field.first("a") or field.first("1") or field.first("0"))
        source = field.first("2").strip()
        if value:
            yield value if value.startswith("http") or not source else f"({source}){value}"
    for field in record.data("035"):
        if value := clean(field.first("a")):
            yield value
    for field in _tagged(record, "7"):
        yield from (clean(value) for value in field.all("01") if value.strip())


def _texts(record: Record, *tags: str) -> tuple[str, ...]:
    texts = (clean(" ".join(field.all("abiu"))) for field in record.data(*tags))
    return tuple(text for text in texts if text)
