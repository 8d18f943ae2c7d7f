"""What a cluster looks like in each view: master, forms, sets and what search finds.

Made before the placing transaction opens. Only the stamp of a change is not known by then: a
placeholder of the same width stands for it in the bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from catalogue import forms
from catalogue.cluster.delivered import Delivered
from catalogue.cluster.sets import Place, sets_of
from catalogue.holdings.touched import Shared
from catalogue.licences import about as terms
from catalogue.merge import (
    PLACEHOLDER_ID,
    PLACEHOLDER_STAMP,
    Listed,
    Master,
    Member,
    is_echo,
    master,
    numbers_of,
)
from catalogue.merge.improved import gained, own, sent_by
from catalogue.model import Holding, HubIdentity, Sharing
from catalogue.origins import about, places
from catalogue.overlays.applying import Laid, lay
from catalogue.overlays.model import State
from catalogue.search.document import Document, document
from crosswalks import stored
from crosswalks.formats import marcxml
from crosswalks.model import Field, Problem, Record
from crosswalks.shelf import Shelf

_HOLDING = tuple(field.name for field in fields(Holding))
_json = json.JSONEncoder(ensure_ascii=False).encode
_REACH = (Sharing.INTERNATIONAL, Sharing.PUBLIC, Sharing.MEMBERS, Sharing.HUB)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view as rendering needs it."""

    id: int
    audience: Sharing


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A master in one format, its stamp still open."""

    prefix: str
    version: str
    body: bytes
    has_stamp: bool
    """Whether a 005 stands in it; elsewhere the same characters are just text."""
    problems: tuple[Problem, ...] = ()

    def stamped(self, told: str) -> bytes:
        """Return the bytes with the stamp of the change in its place."""
        if not self.has_stamp:
            return self.body
        return self.body.replace(PLACEHOLDER_STAMP.encode(), told.encode(), 1)


class Improved(NamedTuple):
    """That a library gets something back for a record of its own."""

    library: str
    hash: str
    """Of what it gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A cluster as some views see it."""

    cluster: int
    views: tuple[int, ...]
    hash: str
    record: str
    provenance: str
    holdings: str
    forms: tuple[Form, ...]
    sets: Mapping[str, str]
    """Specs of OAI-PMH sets, ancestors included, and what each is called when it is new."""
    document: Document
    records: int
    """How many there are in it."""
    overlays: Mapping[int, State]
    """How each overlay stands in what these views see."""
    improved: Mapping[int, Improved]
    """Of the records that it is better than, by key, what their libraries get back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A group of records with the cluster it goes on as."""

    cluster: int
    public_id: str
    records: frozenset[int]
    merged_away: Mapping[str, frozenset[int]]
    """Public ids that were merged into it, and the views that ever showed them."""
    listed: tuple[Shared, ...] = ()
    """The rows of lists that hang on its records."""
    overlays: tuple[Laid, ...] = ()
    """What cataloguers corrected of it, in the order in which they did."""


def render(
    named: Iterable[Named],
    contents: Mapping[int, Delivered],
    views: Sequence[View],
    hub: Hub,
) -> list[Rendered]:
    """Return each cluster once for each different set of members and rows that views may see."""
    shared = {record: each.for_all() if each.fields else each for record, each in contents.items()}
    return [
        _one(_Seen(group, *told, tuple(view_ids)), contents if told.whole else shared, hub)
        for group in named
        for told, view_ids in _audiences(group, contents, views, hub.identity.code).items()
    ]


class Hub(NamedTuple):
    """Who gives the records out, and by which crosswalks."""

    identity: HubIdentity
    shelf: Shelf
    places: Mapping[str, Place]
    """Of each library, its type and region."""


class _Seen(NamedTuple):
    """A group as some views may see it: its records, ids that went into it, and rows on it."""

    group: Named
    records: frozenset[int]
    gone: tuple[str, ...]
    listed: tuple[Listed, ...]
    whole: bool
    views: tuple[int, ...]


def shows(audience: Sharing, sharing: Sharing) -> bool:
    """Tell whether a view for ``audience`` may hold what is shared as far as ``sharing``."""
    return _REACH.index(sharing) <= _REACH.index(audience)


class _Told(NamedTuple):
    """What is told of a group: the same to all views that share it."""

    records: frozenset[int]
    gone: tuple[str, ...]
    listed: tuple[Listed, ...]
    whole: bool
    """With fields that their libraries share with the hub's staff only."""


def _audiences(
    group: Named, contents: Mapping[int, Delivered], views: Sequence[View], hub: str
) -> dict[_Told, list[int]]:
    found: defaultdict[_Told, list[int]] = defaultdict(list)
    if any(contents[record].hidden.cluster for record in group.records):
        return found
    for view in views:
        seen = frozenset(
            record
            for record in group.records
            if shows(view.audience, contents[record].sharing) and not contents[record].hidden.record
        )
        limits = view.audience is not Sharing.HUB and any(contents[each].fields for each in seen)
        gone = tuple(name for name, shown in group.merged_away.items() if view.id in shown)
        listed = tuple(row for row, sharing in group.listed if shows(view.audience, sharing))
        if seen and not _borrows(group, seen, contents, hub):
            found[_Told(seen, gone, listed, not limits)].append(view.id)
    return found


def _borrows(
    group: Named, seen: frozenset[int], contents: Mapping[int, Delivered], hub: str
) -> bool:
    """Tell whether all that a view sees was taken over from the hub, and it sees no origin of it.

    What is shared with fewer would be shown by way of who took it over.
    """
    if seen == group.records:
        return False
    return all(is_echo(contents[each].record, hub) for each in seen) and not all(
        is_echo(contents[each].record, hub) for each in group.records
    )


def _one(seen: _Seen, contents: Mapping[int, Delivered], hub: Hub) -> Rendered:
    members = {record: _member(contents[record], hub.identity.code) for record in seen.records}
    made = master(list(members.values()), hub.identity, seen.listed)
    named = _with_id(made.record, seen.group.public_id)
    record, stand = lay(_with_history(named, seen.gone, hub.identity), seen.group.overlays)
    text = stored.to_json(record)
    origins = [contents[each].origin for each in seen.records]
    beside = terms(contents[each].terms for each in seen.records)
    libraries = tuple(sorted({holding.library for holding in made.holdings}))
    content = _digest(text.encode() + places(origins) + beside)
    improved: dict[int, Improved] = {}
    if len(members) > 1 or seen.group.overlays:
        improved = {
            key: Improved(members[key].library, _digest(content.encode() + _kept(members[key])))
            for key in gained(made, record, members, hub.identity)
            if _is_whole(contents[key], told=seen.whole)
        }
    return Rendered(
        cluster=seen.group.cluster,
        views=seen.views,
        # Where records come from is given out too: views that see others of them share no row.
        hash=content,
        record=text,
        provenance=_provenance(made, record),
        holdings=_holdings(made),
        forms=(*_forms(record, hub.shelf), *_about(about(origins) + beside)),
        sets=sets_of(
            *(record, libraries, hub.places),
            policies={contents[each].sharing for each in seen.records},
            improved=[each.library for each in improved.values()],
        ),
        document=document(record, libraries),
        records=len(seen.records),
        overlays=stand,
        improved=improved,
    )


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _kept(member: Member) -> bytes:
    """Return what a library gets back beside the master: what stays as it sent it."""
    return repr(own(sent_by(member))).encode()


def _is_whole(each: Delivered, *, told: bool) -> bool:
    """Tell whether all of a record is seen: what is not would be taken for missing, for ever."""
    return not each.hidden.fields and (told or not each.fields)


def _member(each: Delivered, hub: str) -> Member:
    return Member(
        name=each.name,
        library=each.library,
        source=each.name[0],
        weight=each.weight,
        record=each.record,
        local_number=_local_number(each, hub),
        datestamp=each.datestamp,
        held=each.held,
    )


def _local_number(each: Delivered, hub: str) -> str:
    """Return the library's own number: 001, unless that is the hub's, given out and taken over."""
    if each.record.control("003").strip() != hub:
        return each.record.control("001") or each.name[1]
    return next(iter(numbers_of(each.record, each.library)), each.name[1])


def _with_id(record: Record, public_id: str) -> Record:
    fields = tuple(
        [
            field._replace(value=public_id) if field == ("001", PLACEHOLDER_ID) else field
            for field in record.fields
        ]
    )
    return replace(record, fields=fields)


def _with_history(record: Record, gone: Sequence[str], hub: HubIdentity) -> Record:
    """Add the ids that were merged into this cluster as cancelled numbers (MARC 21 035 $z)."""
    if not gone:
        return record
    cancelled = [Field("035", "  ", (("z", f"({hub.code}){name}"),)) for name in gone]
    before = [field for field in record.fields if field[0] <= "035"]
    after = [field for field in record.fields if field[0] > "035"]
    return replace(record, fields=(*before, *cancelled, *after))


def _holdings(made: Master) -> str:
    return _json([{name: getattr(each, name) for name in _HOLDING} for each in made.holdings])


def _provenance(made: Master, record: Record) -> str:
    origins = dict(zip(made.record.fields, made.provenance, strict=True))
    return _json([origins.get(field, ()) for field in record.fields])


def _forms(record: Record, shelf: Shelf) -> tuple[Form, ...]:
    undated = forms.undated(record)
    return (
        Form(prefix=forms.PIVOT_FORM, version="", body=marcxml.write(record), has_stamp=True),
        *(_mapped(undated, kind, shelf) for kind in forms.KINDS if kind.at_once),
    )


def _about(told: bytes) -> tuple[Form, ...]:
    form = Form(prefix=forms.ABOUT, version="", body=told, has_stamp=False)
    return (form,) if told else ()


def _mapped(undated: Record, kind: forms.Kind, shelf: Shelf) -> Form:
    body, problems = forms.make_stored(undated, kind, shelf)
    return Form(
        prefix=kind.prefix,
        version=shelf.version(kind.crosswalk),
        body=body,
        has_stamp=False,
        problems=problems,
    )
