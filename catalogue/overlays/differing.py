"""The least changes that make one field, or one record, of another.

What differs in some subfields only, or in some positions, is a change of these, so that the rest
goes on as its libraries change it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from catalogue.overlays.applying import Laid, lay
from catalogue.overlays.errors import NotTold
from catalogue.overlays.model import LEADER, AnyField, Change, Kind
from catalogue.overlays.parts import FIXED, Span
from crosswalks.model import Control, Field, Record, Schema, Subfield

_NO_CHANGE = "005"
"""When a record was changed last says nothing about what it describes."""


def of_field(before: AnyField, after: AnyField) -> list[Change]:
    """Return what makes a field another one: changes of parts of it where these do."""
    whole = Change(kind=Kind.REPLACE, beneath=before, over=after)
    if isinstance(before, Control) and isinstance(after, Control):
        return _positions(before, after) if before.tag in (LEADER, FIXED) else [whole]
    if not (isinstance(before, Field) and isinstance(after, Field)):
        return [whole]
    if before[:2] != after[:2] or not _share(before, after):
        return [whole]
    found = list(_subfields(before, after))
    alone = Record(schema=Schema.MARC21, fields=(before,))
    laid = lay(alone, [Laid(at, each) for at, each in enumerate(found)]).record
    return found if laid.fields == (after,) else [whole]


def of_record(before: Record, after: Record) -> list[Change]:
    """Return what makes a record another one, whatever order their fields stand in.

    Raises NotTold where no corrections do: of two equal fields one cannot be meant alone.
    """
    found = list(_of_leader(before, after))
    ours, theirs = _fields(before), _fields(after)
    gone, new = list((ours - theirs).elements()), list((theirs - ours).elements())
    for tag in sorted({each.tag for each in (*gone, *new)}):
        found += _of_tag(
            [each for each in gone if each.tag == tag], [each for each in new if each.tag == tag]
        )
    laid = lay(before, [Laid(at, each) for at, each in enumerate(found)]).record
    if laid.leader != after.leader or _fields(laid) != theirs:
        raise NotTold
    return found


def _of_tag(gone: Sequence[AnyField], new: list[AnyField]) -> Iterator[Change]:
    """Yield what makes fields of a tag others, each of that which it has most in common with."""
    for before in gone:
        if not new:
            yield Change(kind=Kind.SUPPRESS, beneath=before)
            continue
        after = max(new, key=lambda each: _likeness(before, each))
        new.remove(after)
        yield from of_field(before, after)
    for after in new:
        yield Change(kind=Kind.ADD, over=after)


def _of_leader(before: Record, after: Record) -> list[Change]:
    if before.leader == after.leader:
        return []
    return of_field(Control(LEADER, before.leader), Control(LEADER, after.leader))


def _positions(before: Control, after: Control) -> list[Change]:
    if len(before.value) != len(after.value):
        return [Change(kind=Kind.REPLACE, beneath=before, over=after)]
    differing = [
        at
        for at, each in enumerate(zip(before.value, after.value, strict=True))
        if each[0] != each[1]
    ]
    spans = sorted({_element(before.tag, at) for at in differing})
    return [
        Change(
            kind=Kind.REPLACE,
            beneath=Control(span.name, before.value[span.start : span.end]),
            over=Control(span.name, after.value[span.start : span.end]),
        )
        for span in spans
    ]


def _element(tag: str, at: int) -> Span:
    """Return the positions that mean something together: of a code for a language all three."""
    for start, end in _ELEMENTS if tag == FIXED else ():
        if start <= at < end:
            return Span(tag, start, end)
    return Span(tag, at, at + 1)


_ELEMENTS = ((0, 6), (7, 11), (11, 15), (15, 18), (35, 38))
"""Of 008 whatever it describes (MARC 21, 008): entered, both dates, place, language."""


def _subfields(before: Field, after: Field) -> Iterator[Change]:
    """Yield changes of single subfields, each made in what the one before it left."""
    ours, theirs = before.subfields, after.subfields
    now = list(ours)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for _, start, end, first, last in matcher.get_opcodes():
        gone, new = list(ours[start:end]), list(theirs[first:last])
        if gone == new:
            continue
        for old, wanted in _paired(gone, new):
            within = before._replace(subfields=tuple(now))
            yield Change(
                kind=Kind.ADD if old is None else Kind.REPLACE if wanted else Kind.SUPPRESS,
                beneath=_of_one(before, old),
                over=_of_one(before, wanted),
                within=within,
            )
            if old is not None:
                now.remove(old)
            if wanted is not None:
                # Only where it then stands counts: what comes of all of them is compared.
                now = list(_laid(within, old, wanted).subfields)


def _laid(within: Field, old: Subfield | None, wanted: Subfield) -> Field:
    kind = Kind.ADD if old is None else Kind.REPLACE
    change = Change(
        kind=kind, beneath=_of_one(within, old), over=_of_one(within, wanted), within=within
    )
    [made] = lay(Record(schema=Schema.MARC21, fields=(within,)), [Laid(0, change)]).record.fields
    assert isinstance(made, Field)
    return made


def _paired(
    gone: list[Subfield], new: list[Subfield]
) -> Iterator[tuple[Subfield | None, Subfield | None]]:
    """Yield which subfield becomes which: those of one code, in their order."""
    left = list(new)
    for old in gone:
        wanted = next((each for each in left if each[0] == old[0]), None)
        if wanted is not None:
            left.remove(wanted)
        yield old, wanted
    for wanted in left:
        yield None, wanted


def _of_one(field: Field, subfield: Subfield | None) -> Field | None:
    return None if subfield is None else field._replace(subfields=(subfield,))


def _share(before: Field, after: Field) -> bool:
    """Tell whether anything of a field stays: else it is another field, and not a part of it."""
    return any(each in after.subfields for each in before.subfields) or (
        [code for code, _ in before.subfields] == [code for code, _ in after.subfields]
        and len(before.subfields) == 1
    )


def _likeness(before: AnyField, after: AnyField) -> tuple[int, float]:
    ours, theirs = (each[2] if isinstance(each, Field) else () for each in (before, after))
    shared = sum(each in theirs for each in ours)
    told = SequenceMatcher(None, repr(before)[:200], repr(after)[:200], autojunk=False)
    return shared, told.quick_ratio()


def _fields(record: Record) -> Counter[AnyField]:
    return Counter(
        each
        for each in record.fields
        if isinstance(each, Control | Field) and each.tag != _NO_CHANGE
    )
