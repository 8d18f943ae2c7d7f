"""The tree of a Type-1 query, read into reverse Polish notation and written out of it.

Neither calls itself: a tree may be as deep as ``MAX_DEPTH``.
"""

from __future__ import annotations

from typing import Any

from protocols.z3950.ber import CONTEXT, MAX_DEPTH, Ends, element, identifier_octets, written
from protocols.z3950.errors import PduMalformed, PduTooDeep, Unwritable
from protocols.z3950.shapes import Body, Codec, Read, explicit, tagged
from protocols.z3950.values.queries import And, AndNot, Or, ProximityOperator

_OPERAND, _JOINED = 0, 1
_OPERATORS = (And, Or, AndNot, ProximityOperator)
_OPERANDS_OF_ONE = 2


def codec(operand: Codec, operator: Codec) -> Codec:
    """Return the codec of RPNStructure."""
    single = tagged(explicit(operand), CONTEXT, _OPERAND)
    joined = tagged(Body(made=_Tree(single, operator).read, contents=bytes), CONTEXT, _JOINED)
    singles = {identifier: _alone(read) for identifier, read in single.readers.items()}
    return Codec(readers=singles | dict(joined.readers), write=_Tree(single, operator).write)


def _alone(read: Read) -> Read:
    return lambda data, begin, end, ends: (read(data, begin, end, ends),)


class _Tree:
    """A tree with operators."""

    def __init__(self, operand: Codec, operator: Codec) -> None:
        self._operand = operand
        self._operator = operator
        self._joined = identifier_octets(CONTEXT, _JOINED, constructed=True)

    def read(self, data: bytes, at: int, end: int, ends: Ends) -> tuple[Any, ...]:
        """Read the contents of rpnRpnOp."""
        found: list[Any] = []
        waiting = [(0, end, end)]
        """What was passed of an operator's three parts; where it ends; where it goes on."""
        while waiting:
            passed, end, after = waiting.pop()
            if at >= end:
                if passed <= _OPERANDS_OF_ONE:
                    raise PduMalformed(at=end)
                at = after
                continue
            identifier, begin, stop, following = element(data, at, end, ends)
            waiting.append((passed + 1, end, after))
            if passed < _OPERANDS_OF_ONE and identifier == self._joined[0]:
                if len(waiting) >= MAX_DEPTH:
                    raise PduTooDeep(most=MAX_DEPTH)
                waiting.append((0, stop, following))
                at = begin
                continue
            if passed <= _OPERANDS_OF_ONE:
                part = self._operand if passed < _OPERANDS_OF_ONE else self._operator
                if identifier not in part.readers:
                    raise PduMalformed(at=at)
                found.append(part.readers[identifier](data, begin, stop, ends))
            at = following
        return tuple(found)

    def write(self, value: tuple[Any, ...]) -> bytes:
        """Write a whole tree; Unwritable where operands and operators do not come out even."""
        made: list[bytes] = []
        for each in value:
            if not isinstance(each, _OPERATORS):
                made.append(self._operand.write(each))
            elif len(made) < _OPERANDS_OF_ONE:
                break
            else:
                parts = (*made[-2:], self._operator.write(each))
                made[-2:] = [written(self._joined, b"".join(parts))]
        else:
            if len(made) == 1:
                return made[0]
        raise Unwritable(element="RPNStructure", value=len(value))
