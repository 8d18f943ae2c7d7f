"""CQL to the query tree: operators from left to right, none before another, and the order.

Parentheses are kept on a list of their own, so no nesting meets Python's limit.
"""

from __future__ import annotations

from dataclasses import dataclass

from protocols.cql.clauses import SORTBY, clause
from protocols.cql.names import Scope, assignments
from protocols.cql.operators import Joint, joint
from protocols.cql.sorting import sort_keys
from protocols.cql.tokens import Cursor, Token
from protocols.errors import ParenthesisOpen, TooDeep, TooManyOperators
from protocols.rpn.tree import MAX_DEPTH, MAX_OPERATORS, Joined, Node, Query, depth


@dataclass(slots=True)
class _Part:
    """The whole query, or what stands in parentheses, as far as it was read."""

    scope: Scope
    at: int = -1
    left: Node | None = None
    deep: int = 0
    joint: Joint | None = None


def read(query: str) -> Query:
    """Return the tree of a query in CQL; a QueryError says what is wrong with it, and where."""
    return _Reading(query).read()


class _Reading:
    def __init__(self, query: str) -> None:
        self._cursor = Cursor(query)
        self._parts = [_Part(Scope())]
        self._operators = 0

    def read(self) -> Query:
        self._operand()
        while (token := self._cursor.peek()) is not None and token.keyword != SORTBY:
            if self._cursor.passes(")"):
                self._close(token)
            else:
                self._join(token)
        return self._finished(token)

    def _finished(self, token: Token | None) -> Query:
        last = self._parts[-1]
        if len(self._parts) > 1:
            raise ParenthesisOpen(last.at, "(")
        assert last.left is not None
        keys = sort_keys(self._cursor, last.scope) if token is not None else ()
        return Query(last.left, keys)

    def _join(self, token: Token) -> None:
        part = self._parts[-1]
        part.joint = joint(self._cursor, part.scope)
        self._operators += 1
        if self._operators > MAX_OPERATORS:
            raise TooManyOperators(token.at, token.text, most=MAX_OPERATORS)
        self._operand()

    def _operand(self) -> None:
        """Pass opening parentheses with their prefixes, then a clause."""
        part = self._parts[-1]
        while True:
            if part.left is None:
                part.scope = assignments(self._cursor, part.scope)
            opening = self._cursor.passes("(")
            if opening is None:
                break
            if len(self._parts) > MAX_DEPTH:
                raise TooDeep(opening.at, "(", most=MAX_DEPTH)
            part = _Part(part.scope.inner(), opening.at)
            self._parts.append(part)
        node = clause(self._cursor, part.scope)
        self._add(node, depth(node))

    def _close(self, token: Token) -> None:
        part = self._parts.pop()
        if not self._parts or part.left is None:
            raise ParenthesisOpen(token.at, ")")
        self._add(part.left, part.deep)

    def _add(self, node: Node, deep: int) -> None:
        part = self._parts[-1]
        if part.left is None or part.joint is None:
            part.left, part.deep = node, deep
            return
        said = part.joint
        part.left = Joined(said.operator, part.left, node, said.proximity, said.modifiers, said.at)
        part.deep = 1 + max(part.deep, deep)
        if part.deep > MAX_DEPTH:
            raise TooDeep(said.at, said.operator, most=MAX_DEPTH)
