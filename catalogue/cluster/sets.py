"""Which sets of OAI-PMH a cluster is in by itself: who holds it, what it is, what it is about.

Sets that staff name and define by a query are ``catalogue.querysets``. Each set stands with its
ancestors (OAI-PMH 2.0 s2.7.2): the members of ``ddc:800:890`` are members of ``ddc:800``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from catalogue.members import kinds
from catalogue.model import Sharing
from catalogue.search.material import material
from crosswalks.model import Record
from crosswalks.text import fold
from protocols.tables import rows

LIBRARY, TYPE, REGION, DDC, MATERIAL = "library", "type", "region", "ddc", "material"
GROUP = "group"
IMPROVED = "improved"
"""Masters that are better than what a library sent (``catalogue.merge.improved``)."""
POLICY = "policy"
"""How far members share: a record is in the set of each policy that holds for any it is made of."""
_NAMES = {spec: name for spec, name in rows("catalogue.cluster", "sets.tsv")}  # noqa: C416 - rows are no pairs
_NUMBER = re.compile(r"\s*([0-9])([0-9])?[0-9]?(?![0-9])")
_NOT_ASCII = re.compile(r"[^a-z0-9]+")
_LONGEST = 48


class Place(NamedTuple):
    """Of what type a library is and where; either may be empty."""

    kind: str = ""
    """A code of ``catalogue.members.kinds``, or words of its staff."""
    region: str = ""
    """In words of its staff."""
    groups: tuple[tuple[str, str], ...] = ()
    """Those it is in: code and name."""
    before: tuple[str, ...] = ()
    """Codes of the libraries that it took over, with those that these took over."""


def sets_of(
    record: Record,
    libraries: Iterable[str],
    places: Mapping[str, Place],
    policies: Iterable[Sharing] = (),
    improved: Iterable[str] = (),
) -> dict[str, str]:
    """Return the sets that a master and its holdings are in, ancestors first, and their names.

    ``improved`` are the libraries that sent something it is better than.
    """
    found: dict[str, str] = {}
    told = [
        *((f"{POLICY}:{each.value}", "") for each in sorted(set(policies))),
        *((f"{IMPROVED}:{code}", "") for code in sorted(set(improved))),
    ]
    for spec, name in (*_specs(record, sorted(set(libraries)), places), *told):
        root = spec.partition(":")[0]
        found.setdefault(root, _NAMES[root])
        found.setdefault(spec, name or _NAMES.get(spec, spec))
    return found


def _specs(
    record: Record, libraries: Iterable[str], places: Mapping[str, Place]
) -> Iterator[tuple[str, str]]:
    for code in libraries:
        yield f"{LIBRARY}:{code}", ""
        yield from _placed(places.get(code, Place()))
    yield f"{MATERIAL}:{material(record)}", ""
    for number in record.values("082", "a"):
        yield from _subject(number)


def _placed(place: Place) -> Iterator[tuple[str, str]]:
    """Yield the sets that a library brings along beside its own."""
    for code in place.before:
        yield f"{LIBRARY}:{code}", ""
    for root, text, name in (
        (TYPE, place.kind, kinds.label(place.kind)),
        (REGION, place.region, place.region),
    ):
        if short := slug(text):
            yield f"{root}:{short}", name
    for code, name in place.groups:
        yield f"{GROUP}:{code}", name


def _subject(number: str) -> Iterator[tuple[str, str]]:
    """Yield the main class of a Dewey number and its division: 895.9 is in 800 and 890."""
    found = _NUMBER.match(number)
    if not found:
        return
    hundreds, tens = found.groups()
    main = f"{DDC}:{hundreds}00"
    yield main, ""
    if tens:
        yield f"{main}:{hundreds}{tens}0", f"DDC {hundreds}{tens}0-{hundreds}{tens}9"


def name_of(spec: str) -> str:
    """Return what a set of our own is called."""
    return _NAMES[spec]


def slug(text: str) -> str:
    """Return a text as a part of a setSpec: unreserved characters of a URI only (s2.7.2)."""
    return _NOT_ASCII.sub("-", fold(text)).strip("-")[:_LONGEST].strip("-")
