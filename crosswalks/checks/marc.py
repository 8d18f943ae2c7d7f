"""A MARC 21 record against the rules of its fields, in one pass: it runs on all that comes.

What a field's shape can tell is remembered by shape; only a few tags have to be looked into.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from crosswalks import tables
from crosswalks.checks import coded, fields, links, numbers
from crosswalks.checks.problems import Fault, text_of
from crosswalks.checks.problems import problem as _problem
from crosswalks.formats.leader import LENGTH
from crosswalks.model import Control, Field, Problem, Record, Severity

_OTHER_RECORDS = {row[0]: row[1] for row in tables.rows("other-records.tsv")}
_MAIN = frozenset(("100", "110", "111", "130"))
_LINKED = "880"
_UNCODED = frozenset(("001", "003", "005"))
_TITLES = ("a", "k")
_CODED = {"006": coded.check_006, "007": coded.check_007}

Look = Callable[[Field], Iterable[Problem]]


def kind(record: Record) -> Iterator[Problem]:
    """Yield the error of a record that describes no publication, and so can form no cluster."""
    code = record.leader[6:7]
    if code in _OTHER_RECORDS:
        detail = f"leader/06 is {code}: {_OTHER_RECORDS[code]}"
        yield _problem("not-bibliographic", "LDR", record.leader, detail, Severity.ERROR)


def rules(record: Record) -> list[Problem]:
    """Return what a record does against MARC 21, what is only out of date included."""
    found = _leader(record.leader)
    linked = []
    for field in record.fields:
        if isinstance(field, Field):
            tag, indicators, subfields = field
            if tag == _LINKED:
                tag = links.linked_tag(field) or tag
            shape = _shape(tag, indicators, tuple([code for code, _ in subfields]))
            if shape:
                found += _special(field, shape)
                if shape.is_linked:
                    linked.append(field)
        elif isinstance(field, Control) and field.tag not in _UNCODED:
            found += _control(field, record.leader)
    tags = [field[0] for field in record.fields]
    found += (*_counts(tags), *_title(record))
    if linked:
        found += links.check_links(linked)
    return found


class _Shape(NamedTuple):
    """What is known of all fields with the same tag, indicators and subfield codes."""

    faults: tuple[Fault, ...]
    looks: tuple[Look, ...]
    is_linked: bool


@lru_cache(maxsize=1 << 15)
def _shape(tag: str, indicators: str, codes: tuple[str, ...]) -> _Shape | None:
    """Return what is known of a shape; None where nothing can be wrong with it."""
    faults = fields.faults(tag, indicators, codes)
    looks = [numbers.BY_TAG[tag]] if tag in numbers.BY_TAG else []
    is_standard = tag in fields.RULES or tag == _LINKED
    if is_standard and "4" in codes:
        looks.append(numbers.relators)
    is_linked = is_standard and "6" in codes
    return _Shape(faults, tuple(looks), is_linked) if faults or looks or is_linked else None


def _special(field: Field, shape: _Shape) -> list[Problem]:
    found = [problem for look in shape.looks for problem in look(field)]
    return found + [fault.at(field.tag, text_of(field)) for fault in shape.faults]


def _leader(leader: str) -> list[Problem]:
    if len(leader) != LENGTH:
        detail = f"{len(leader)} characters in place of 24"
        return [_problem("bad-leader", "LDR", leader, detail)]
    return [fault.at("LDR", leader) for fault in coded.leader_faults(leader)]


def _control(field: Control, leader: str) -> Sequence[Problem]:
    if field.tag == "008":
        return coded.check_008(field.value, leader)
    if look := _CODED.get(field.tag):
        return look(field.value)
    if field.tag.startswith("00"):
        return ()
    return (_problem("no-subfields", field.tag, field.value),)


def _title(record: Record) -> Iterator[Problem]:
    for field in record.fields:
        if field[0] == "245" and isinstance(field, Field):
            for code, value in field.subfields:
                if code in _TITLES and not value.isspace() and value:
                    return
    yield _problem("missing-title", "245")


def _counts(tags: list[str]) -> Iterator[Problem]:
    """Yield what is missing, and what stands more often than it may."""
    if "008" not in tags:
        yield _problem("missing-008", "008")
    single = [tag for tag in tags if tag in fields.ONCE]
    if len(single) != len(set(single)):
        for tag in sorted({tag for tag in single if single.count(tag) > 1}):
            yield _problem("repeated-field", tag, "", f"{tag} may stand only once")
    main = [tag for tag in single if tag in _MAIN]
    if len(set(main)) > 1:
        yield _problem("repeated-field", main[1], "", "there may be only one main entry (1XX)")
