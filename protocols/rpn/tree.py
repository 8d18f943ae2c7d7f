"""The query tree: frozen values, equal where they ask the same in the same shape.

A tree is a thousand levels deep at most (``MAX_DEPTH``), and nothing here calls itself: comparing,
printing and folding go through ``postorder``, so no tree that was read hits Python's own limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TypeAlias, TypeVar

BIB1 = "1.2.840.10003.3.1"
"""The object identifier of the Bib-1 attribute set."""
MAX_DEPTH = 1_000
MAX_OPERATORS = 10_000

T = TypeVar("T")


class AttributeType(IntEnum):
    """The types of the Bib-1 attribute set (Z39.50 appendix ATR.1)."""

    USE = 1
    RELATION = 2
    POSITION = 3
    STRUCTURE = 4
    TRUNCATION = 5
    COMPLETENESS = 6


class TermKind(StrEnum):
    """How a term is written in a Type-1 query; PQF names them so after ``@term``."""

    GENERAL = "general"
    NUMERIC = "numeric"
    STRING = "string"
    OID = "oid"
    DATETIME = "datetime"
    NULL = "null"


class Operator(StrEnum):
    """What joins two operands; NOT is Z39.50's and-not."""

    AND = "and"
    OR = "or"
    NOT = "not"
    PROX = "prox"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: its type, its value (a name where it is no number), and whose it is."""

    type: int
    value: int | str
    set: str = BIB1
    at: int = field(default=-1, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Modifier:
    """A modifier of CQL that no attribute says: its context set's URI, name and what follows."""

    context: str
    name: str
    comparison: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A term, its attributes in the order of their types, and what else CQL says of it.

    ``text`` is without marks of truncation, but for truncation 104 (Z39.58), where ``#`` is one
    character, ``?`` any number of them, and a backslash takes either for itself.
    """

    text: str
    attributes: tuple[Attribute, ...] = ()
    kind: TermKind = TermKind.GENERAL
    modifiers: tuple[Modifier, ...] = ()
    at: int = field(default=-1, compare=False, repr=False)

    def value(self, kind: AttributeType) -> int | str | None:
        """Return the value of the Bib-1 attribute of a type, None if the term has none."""
        for each in self.attributes:
            if each.type == kind and each.set == BIB1:
                return each.value
        return None


@dataclass(frozen=True, slots=True)
class ResultSet:
    """An earlier result as an operand, by its name."""

    name: str
    at: int = field(default=-1, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proximity:
    """How near two operands have to be (Z39.50 s3.7.2).

    ``relation`` 1 to 6: less, at most, equal, at least, more, other than the distance. ``unit`` is
    one of Z39.50's (1 character, 2 word, 3 sentence, ...), or, if ``private``, anybody's.
    """

    distance: int = 1
    relation: int = 2
    unit: int = 2
    ordered: bool = False
    exclusion: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Joined:
    """Two operands and what joins them; ``proximity`` is given for PROX and for nothing else."""

    operator: Operator
    left: Node
    right: Node
    proximity: Proximity | None = None
    modifiers: tuple[Modifier, ...] = ()
    at: int = -1

    def __post_init__(self) -> None:
        if (self.operator is Operator.PROX) != (self.proximity is not None):
            raise ValueError(self.operator)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Joined) and _flat(self) == _flat(other)

    def __hash__(self) -> int:
        return hash(_flat(self))

    def __repr__(self) -> str:
        return fold(self, repr, _told)


Node: TypeAlias = Term | ResultSet | Joined


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key to sort by: the index by its attributes, the direction, and what else CQL says."""

    attributes: tuple[Attribute, ...]
    descending: bool = False
    modifiers: tuple[Modifier, ...] = ()
    at: int = field(default=-1, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query: what is searched for, and in which order it is wanted."""

    root: Node
    sort: tuple[SortKey, ...] = ()

    @property
    def attribute_set(self) -> str:
        """The set that all attributes are of; Bib-1 where there are several, or none."""
        found = {each.set for term in terms(self.root) for each in term.attributes}
        return found.pop() if len(found) == 1 else BIB1


def postorder(root: Node) -> Iterator[Node]:
    """Yield operands before what joins them, left before right."""
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, opened = waiting.pop()
        if isinstance(node, Joined) and not opened:
            waiting += [(node, True), (node.right, False), (node.left, False)]
        else:
            yield node


def preorder(root: Node) -> Iterator[Node]:
    """Yield what joins operands before them, left before right."""
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Joined):
            waiting += [node.right, node.left]


def fold(root: Node, leaf: Callable[[Term | ResultSet], T], join: Callable[[Joined, T, T], T]) -> T:
    """Return what ``leaf`` makes of the operands and ``join`` of what joins two of them."""
    made: list[T] = []
    for node in postorder(root):
        if isinstance(node, Joined):
            right, left = made.pop(), made.pop()
            made.append(join(node, left, right))
        else:
            made.append(leaf(node))
    return made.pop()


def terms(root: Node) -> Iterator[Term]:
    """Yield the terms, from left to right."""
    return (node for node in postorder(root) if isinstance(node, Term))


def depth(root: Node) -> int:
    """Return how many operators stand above the deepest operand."""
    return fold(root, lambda _: 0, _deeper)


def _deeper(_: Joined, left: int, right: int) -> int:
    return 1 + max(left, right)


def ordered(attributes: dict[int, Attribute]) -> tuple[Attribute, ...]:
    """Return attributes, known by their types, as a term holds them."""
    return tuple(attributes[kind] for kind in sorted(attributes))


def _flat(root: Joined) -> tuple[object, ...]:
    return tuple(
        (node.operator, node.proximity, node.modifiers) if isinstance(node, Joined) else node
        for node in postorder(root)
    )


def _told(node: Joined, left: str, right: str) -> str:
    more = "".join(f", {each!r}" for each in (node.proximity, *node.modifiers) if each)
    return f"Joined({node.operator}, {left}, {right}{more})"
