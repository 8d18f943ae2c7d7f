"""What joins clauses in CQL, and near means by ``prox``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from protocols.cql.clauses import BOOLEANS
from protocols.cql.mapping import COMPARISONS, UNITS, URIS, attribute_set, is_number
from protocols.cql.names import LONGEST_NUMBER, Said, Scope, modifiers
from protocols.cql.tokens import Cursor
from protocols.errors import (
    BooleanModifierUnsupported,
    MalformedQuery,
    ProximityDistanceUnsupported,
    ProximityRelationUnsupported,
    ProximityUnitUnsupported,
)
from protocols.rpn.tree import Modifier, Operator, Proximity

_UNITS = {name.lower(): number for number, name in enumerate(UNITS, 1)}
_RELATIONS = {sign: number for number, sign in enumerate(COMPARISONS, 1)} | {"==": 3}
_WORD = 2


@dataclass(frozen=True, slots=True)
class Joint:
    """An operator with what its modifiers say."""

    operator: Operator
    proximity: Proximity | None = None
    modifiers: tuple[Modifier, ...] = ()
    at: int = -1


def joint(cursor: Cursor, scope: Scope) -> Joint:
    """Pass a boolean operator and its modifiers; MalformedQuery where none is next."""
    token = cursor.next()
    operator = BOOLEANS.get(token.keyword)
    if operator is None:
        raise MalformedQuery(token.at, token.text)
    said = modifiers(cursor)
    if operator is not Operator.PROX:
        return Joint(operator, None, tuple(_kept(each, scope) for each in said), token.at)
    return replace(_near(said, scope), at=token.at)


def _kept(said: Said, scope: Scope) -> Modifier:
    uri, name = said.split(scope, "")
    if not uri or uri == URIS["cql"] or attribute_set(uri) is not None:
        raise BooleanModifierUnsupported(said.at, said.name)
    return Modifier(uri, name, said.comparison, said.value)


def _near(said: tuple[Said, ...], scope: Scope) -> Joint:
    near, kept = Proximity(distance=-1), []
    for each in said:
        uri, name = each.split(scope, URIS["cql"])
        own = _OWN if uri == URIS["cql"] else _BIB1 if uri == URIS["bib1"] else None
        if own is None:
            kept.append(_kept(each, scope))
        elif name.lower() not in own:
            raise BooleanModifierUnsupported(each.at, each.name)
        else:
            near = own[name.lower()](near, each)
    if near.distance < 0:
        # The cql context set: one word, but within the same sentence, paragraph or other unit.
        near = replace(near, distance=int(near.unit == _WORD and not near.private))
    return Joint(Operator.PROX, near, tuple(kept))


def _unit(near: Proximity, said: Said) -> Proximity:
    found = _UNITS.get(said.value.lower())
    if found is None or said.comparison not in {"=", "=="}:
        raise ProximityUnitUnsupported(said.at, said.value)
    return replace(near, unit=found, private=False)


def _private(near: Proximity, said: Said) -> Proximity:
    if not _counts(said.value) or said.comparison != "=":
        raise ProximityUnitUnsupported(said.at, said.value)
    return replace(near, unit=int(said.value), private=True)


def _known(near: Proximity, said: Said) -> Proximity:
    return replace(_private(near, said), private=False)


def _distance(near: Proximity, said: Said) -> Proximity:
    if said.comparison not in _RELATIONS:
        raise ProximityRelationUnsupported(said.at, said.comparison)
    if not _counts(said.value):
        raise ProximityDistanceUnsupported(said.at, said.value)
    return replace(near, relation=_RELATIONS[said.comparison], distance=int(said.value))


def _counts(text: str) -> bool:
    return is_number(text) and len(text) <= LONGEST_NUMBER


_OWN: dict[str, Callable[[Proximity, Said], Proximity]] = {
    "unit": _unit,
    "distance": _distance,
    "ordered": lambda near, _: replace(near, ordered=True),
    "unordered": lambda near, _: replace(near, ordered=False),
}
_BIB1: dict[str, Callable[[Proximity, Said], Proximity]] = {
    "unit": _known,
    "privateunit": _private,
    "exclusion": lambda near, _: replace(near, exclusion=True),
}
