"""What is looked for as conditions on documents; text is left to the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true

from catalogue.search.expression import (
    AllOf,
    AnyOf,
    Between,
    Everything,
    Except,
    Expression,
    Extent,
    Given,
    Headed,
    Headings,
    Is,
    Nothing,
    all_of,
    any_of,
    depth,
    fold,
    is_text,
    parts_of,
    postorder,
)
from catalogue.sql import table
from catalogue.tables import DocumentRow, HeadingOfRow, HeadingRow
from protocols.errors import TooManyOperators


class Index(Protocol):
    """What differs between the engines."""

    def matches(self, text: Expression) -> ColumnElement[bool]:
        """Return the condition that the full-text index finds a document, for text nodes only."""
        ...

    def is_among(self, ids: Sequence[int]) -> ColumnElement[bool]:
        """Return the condition that a document is one of these, of which there may be a million."""
        ...


DEEPEST = 20
"""Levels that a query may have: SQLite's reader of full-text queries has a stack of a hundred."""
_MOST_LEAVES = 2_000
_documents = table(DocumentRow).c
_headings, _of = table(HeadingRow).c, table(HeadingOfRow).c
_AFTER = "\U0010ffff"
"""Sorts behind all that a key may go on with."""


def seen_by(view: int) -> ColumnElement[bool]:
    """Return the condition that a view sees a document."""
    hidden = _documents.hidden
    return or_(hidden == "", ~hidden.contains(f" {view} ", autoescape=True))


def condition(node: Expression, index: Index) -> ColumnElement[bool]:
    """Return the condition that a document is found; the depth is ``DEEPEST`` at most."""
    if is_text(node):
        return index.matches(node)
    if isinstance(node, AllOf):
        texts = [part for part in node.parts if is_text(part)]
        rest = [condition(part, index) for part in node.parts if not is_text(part)]
        return and_(*([index.matches(all_of(texts))] if texts else []), *rest)
    if isinstance(node, AnyOf):
        texts = [part for part in node.parts if is_text(part)]
        rest = [condition(part, index) for part in node.parts if not is_text(part)]
        return or_(*([index.matches(any_of(texts))] if texts else []), *rest)
    if isinstance(node, Except):
        return and_(condition(node.kept, index), not_(condition(node.left_out, index)))
    return index.is_among(node.ids) if isinstance(node, Given) else _leaf(node)


def _leaf(node: Expression) -> ColumnElement[bool]:
    if isinstance(node, Between):
        column = _documents[node.what]
        return column.between(node.low, node.high)
    if isinstance(node, Is):
        return _documents[node.what] == node.value
    if isinstance(node, Headed):
        return _documents.id.in_(select(_of.document_id).where(_of.heading_id.in_(node.ids)))
    if isinstance(node, Headings):
        return _documents.id.in_(_headed(node))
    if isinstance(node, Everything):
        return true()
    assert isinstance(node, Nothing)
    return false()


def _headed(node: Headings) -> Any:
    key = _headings.exact if node.marked else _headings.key
    text = node.text
    if node.extent is Extent.WHOLE:
        fits = key == text
    elif node.extent is Extent.LETTERS:
        fits = and_(key >= text, key < text + _AFTER)
    else:
        fits = or_(key == text, and_(key >= f"{text} ", key < f"{text} {_AFTER}"))
    return (
        select(_of.document_id)
        .join(table(HeadingRow), _headings.id == _of.heading_id)
        .where(_headings.field.in_(node.columns), fits)
    )


def flattened(wanted: Expression, found: Callable[[Expression], set[int]]) -> Expression:
    """Return a query of many levels as the documents it finds, any other as it is.

    ``found`` looks up a part without parts. Raises TooManyOperators if there are too many of them.
    """
    if depth(wanted) <= DEEPEST:
        return wanted
    if sum(not parts_of(node) for node in postorder(wanted)) > _MOST_LEAVES:
        raise TooManyOperators(most=_MOST_LEAVES)

    def make(node: Expression, parts: list[set[int]]) -> set[int]:
        if isinstance(node, AllOf):
            return parts[0].intersection(*parts[1:])
        if isinstance(node, AnyOf):
            return parts[0].union(*parts[1:])
        if isinstance(node, Except):
            return parts[0] - parts[1]
        return found(node)

    ids: set[int] = fold(wanted, make)
    return Given(ids=tuple(sorted(ids)))
