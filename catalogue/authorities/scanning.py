"""See-references among the terms of an index, and what its terms lead to.

A name is shown only if something that it leads to has records, and leads there by the words under
which these stand in the index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, exists, select, tuple_

from catalogue.authorities.forms import COLUMNS, Form, forms
from catalogue.authorities.known import holds, lists, rows
from catalogue.authorities.leading import at_addresses
from catalogue.authorities.looking import names_of
from catalogue.authorities.model import Address
from catalogue.authorities.tables import AuthorityKeyRow, AuthorityNameRow
from catalogue.authorities.used import dated
from catalogue.search.model import ScanTerm
from catalogue.search.tokens import marked
from catalogue.search_tables import DocumentRow, HeadingOfRow, HeadingRow
from catalogue.sql import Query, chunks, table
from crosswalks.authorities.model import Entry, Kind

_names, _keys = table(AuthorityNameRow).c, table(AuthorityKeyRow).c
_headings, _of, _documents = table(HeadingRow).c, table(HeadingOfRow).c, table(DocumentRow).c
_STEP = 100
_MOST_LOOKED = 1000
"""Names that are looked at for one list: most lead to nothing that a library has."""
_MOST_TOLD = 10
"""Headings that one term is said to lead to."""


class Listed(NamedTuple):
    """What is listed, and which documents count."""

    connection: Connection
    columns: tuple[str, ...]
    seen: ColumnElement[bool]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of headings that may stand there."""
        return tuple(kind for kind, columns in COLUMNS.items() if {*columns} & {*self.columns})


class Span(NamedTuple):
    """A part of a list: from a place on, as far as another one; empty: to the end."""

    start: str
    end: str
    wanted: int
    backwards: bool


class Reference(NamedTuple):
    """A name that leads to a heading with records."""

    order: str
    text: str
    see: tuple[str, ...]


class _Named(NamedTuple):
    order: str
    authority: int
    text: str
    kind: str


def any_lists(connection: Connection) -> bool:
    """Tell whether there are lists of authorities at all."""
    query = select(lists.id).where(lists.version > 0).limit(1)
    return connection.execute(query).first() is not None


def references(listed: Listed, span: Span) -> list[Reference]:
    """Return the next names, in the list's order, that lead to headings with records."""
    found: list[Reference] = []
    last: _Named | None = None
    looked = 0
    while len(found) < span.wanted and looked < _MOST_LOOKED:
        names = _next(listed, span, last)
        found += _leading(listed, names)
        if len(names) < _STEP:
            break
        last = names[-1]
        looked += len(names)
    return found[: span.wanted]


def _next(listed: Listed, span: Span, last: _Named | None) -> list[_Named]:
    found: set[_Named] = set()
    for kind in listed.kinds:
        # One by one, so that each is read in the order of its index.
        query = _query(span, last).where(_names.kind == kind.value).limit(_STEP)
        found |= {_Named(*row) for row in listed.connection.execute(query)}
    return sorted(found, reverse=span.backwards)[:_STEP]


def _query(span: Span, last: _Named | None) -> Query:
    place = (_names.order, _names.authority_id)
    query: Query = select(*place, _names.text, _names.kind).where(
        holds(), rows.id == _names.authority_id, _names.at > 0
    )
    if span.backwards:
        query = query.where(_names.order < span.start, _names.order >= span.end)
        query = query.order_by(*(each.desc() for each in place))
    else:
        query = query.where(_names.order >= span.start).order_by(*place)
        query = query.where(_names.order <= span.end) if span.end else query
    if last is not None:
        at = tuple_(last.order, last.authority)
        query = query.where(tuple_(*place) < at if span.backwards else tuple_(*place) > at)
    return query


def _leading(listed: Listed, names: Sequence[_Named]) -> list[Reference]:
    kinds = {each.authority: Kind(each.kind) for each in names}
    standing = _standing(listed, kinds, names_of(listed.connection, kinds))
    found = []
    for each in names:
        see = tuple(text for text in standing.get(each.authority, ()) if text != each.text)
        if see:
            found.append(Reference(each.order, each.text, see[:1]))
    return found


def _standing(
    listed: Listed, kinds: Mapping[int, Kind], names: Mapping[int, Sequence[str]]
) -> dict[int, list[str]]:
    """Return the names of authorities under which there are records, the heading first."""
    written = {
        (number, text): forms(text, kinds[number])[:1]
        for number, texts in names.items()
        for text in texts
    }
    held = _held(listed, {form.key for found in written.values() for form in found})
    standing: dict[int, list[str]] = {}
    for (number, text), found in written.items():
        if any(_is_held(form, held) for form in found):
            standing.setdefault(number, []).append(text)
    return standing


def _held(listed: Listed, keys: Iterable[str]) -> dict[str, set[str]]:
    """Return the words with their marks of headings that have documents, by their folded words."""
    headings = dated(listed.connection, listed.columns, set(keys))
    has = exists().where(
        _of.heading_id == _headings.id, _documents.id == _of.document_id, listed.seen
    )
    query = select(_headings.id).where(has)
    shown = {
        number
        for chunk in chunks({each.id for each in headings})
        for number in listed.connection.execute(query.where(_headings.id.in_(chunk))).scalars()
    }
    found: dict[str, set[str]] = {}
    for each in headings:
        if each.id in shown:
            found.setdefault(each.key, set()).add(each.exact)
    return found


def _is_held(form: Form, held: Mapping[str, set[str]]) -> bool:
    # What is written without marks may be meant; what has others is another name.
    written = {" ".join(form.exact), " ".join(marked(form.key))}
    headings = held.get(form.key, ())
    return any(each == name or each.startswith(f"{name} ") for each in headings for name in written)


class _Of(NamedTuple):
    """An authority that a term names."""

    kind: Kind
    established: bool


def told(listed: Listed, terms: Sequence[ScanTerm]) -> list[ScanTerm]:
    """Return terms with where they lead: a name to its heading, a heading to its see-also."""
    keys = {
        (kind, form.key): term.text
        for term in terms
        for kind in listed.kinds
        for form in forms(term.text, kind)[:1]
    }
    by_text = _authorities(listed.connection, keys)
    kinds = {number: each.kind for found in by_text.values() for number, each in found.items()}
    standing = _standing(listed, kinds, names_of(listed.connection, kinds))
    headed_too = {
        number for found in by_text.values() for number, each in found.items() if each.established
    }
    related = _related(listed, headed_too)
    return [_with(term, by_text.get(term.text, {}), standing, related) for term in terms]


def _with(
    term: ScanTerm,
    found: Mapping[int, _Of],
    standing: Mapping[int, Sequence[str]],
    related: Mapping[int, Sequence[str]],
) -> ScanTerm:
    see = dict.fromkeys(term.see)
    also: dict[str, None] = {}
    for number, each in found.items():
        own = forms(term.text, each.kind)[:1]
        for name in standing.get(number, ())[:1] if not each.established else ():
            if forms(name, each.kind)[:1] != own:
                see[name] = None
        also |= dict.fromkeys(related.get(number, ()) if each.established else ())
    return term._replace(see=tuple(see)[:_MOST_TOLD], also=tuple(also)[:_MOST_TOLD])


def _authorities(
    connection: Connection, keys: Mapping[tuple[Kind, str], str]
) -> dict[str, dict[int, _Of]]:
    query = select(_keys.key, _keys.exact, rows.heading, rows.id, rows.kind).where(
        holds(), _keys.authority_id == rows.id
    )
    found: dict[str, dict[int, _Of]] = {}
    for chunk in chunks({key for _, key in keys}):
        for key, exact, heading, number, kind in connection.execute(
            query.where(_keys.key.in_(chunk))
        ):
            text = keys.get((Kind(kind), key))
            if text is not None and _names_it(text, Kind(kind), exact, key):
                # A person's heading in another order only leads to it.
                is_heading = forms(heading, Kind(kind))[0].key == key
                found.setdefault(text, {})[number] = _Of(Kind(kind), is_heading)
    return found


def _names_it(text: str, kind: Kind, exact: str, key: str) -> bool:
    written = " ".join(forms(text, kind)[0].exact)
    return written in {exact, " ".join(marked(key))} or exact == key


def _related(listed: Listed, numbers: Iterable[int]) -> dict[int, list[str]]:
    """Return the headings with records that authorities name besides, as they are established."""
    entries = {}
    for chunk in chunks(numbers):
        query = select(rows.id, lists.code, rows.body).where(holds(), rows.id.in_(chunk))
        for number, code, body in listed.connection.execute(query):
            entries[number] = (code, Entry.from_json(body))
    addresses = {
        Address(code, each.number)
        for code, entry in entries.values()
        for each in entry.related
        if each.number
    }
    known = at_addresses(listed.connection, addresses)
    texts: dict[int, list[str]] = {}
    kinds: dict[int, Kind] = {}
    for number, (code, entry) in entries.items():
        kinds[number] = entry.kind
        for each in entry.related:
            row = known.get(Address(code, each.number))
            if text := row.heading if row else each.text:
                texts.setdefault(number, []).append(text)
    return _standing(listed, kinds, texts)
