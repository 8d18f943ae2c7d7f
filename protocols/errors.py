"""What can be wrong with a query, each with its number in the lists of Z39.50 and of SRU.

An error's docstring is its message, as in the other rooms, whose base they cannot share: this room
imports none of them.
"""

from __future__ import annotations

from typing import Any, ClassVar


class ProtocolError(Exception):
    """What came does not follow the protocol: {reason}"""

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.template().format(**details))

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it come whole from another process: there it would be made of its message."""
        return _remade, (type(self), self.args, self.__dict__)

    @classmethod
    def template(cls) -> str:
        """Return the untranslated message, one line, with its ``{names}``."""
        return " ".join((cls.__doc__ or "").split())


def _remade(kind: type[ProtocolError], told: tuple[Any, ...], state: dict[str, Any]) -> Any:
    error = kind.__new__(kind, *told)
    error.__dict__.update(state)
    return error


class QueryError(ProtocolError):
    """The query cannot be carried out. What is wrong: {addinfo}"""

    bib1: ClassVar[int] = 3
    """The number among the Bib-1 diagnostics (Z39.50)."""
    sru: ClassVar[int] = 48
    """The number among the SRU diagnostics."""

    def __init__(self, position: int = -1, addinfo: object = "", **details: object) -> None:
        self.position = position
        """Which character of the query it is about, from 0; -1 where no text is at hand."""
        self.addinfo = str(addinfo)
        """The part of the query it is about, as both protocols send it beside the number."""
        super().__init__(column=position + 1, addinfo=self.addinfo, **details)


class MalformedQuery(QueryError):
    """The query cannot be read: "{addinfo}" at character {column} does not belong there. Join
    terms with and, or, not; put several words that are one term in quotes.
    """

    bib1, sru = 108, 10


class QueryEnds(MalformedQuery):
    """The query ends at character {column}, where something is still missing, such as a search
    term. Complete it, or take away the last operator.
    """


class QuoteOpen(MalformedQuery):
    """The quote that is opened at character {column} is not closed. Close it, or put a backslash
    before it if it belongs to the term.
    """

    sru = 14


class ParenthesisOpen(MalformedQuery):
    """The parenthesis at character {column} has no partner. Add the other one, or put the term in
    quotes if the parenthesis belongs to it.
    """

    sru = 13


class MalformedAttribute(MalformedQuery):
    """{addinfo} at character {column} is no attribute. Write type, = and value: @attr 1=4"""


class MalformedProximity(MalformedQuery):
    """{addinfo} at character {column} is not what @prox needs. Write exclusion, distance,
    ordered, relation, kind of unit and unit, as in @prox 0 3 1 2 k 2
    """

    sru = 44


class PrefixTwice(MalformedQuery):
    """The prefix {addinfo} at character {column} is given two context sets. Use two prefixes."""

    sru = 45


class TooDeep(QueryError):
    """The query is nested deeper than {most} levels. Ask in several queries."""

    bib1, sru = 6, 38


class TooManyOperators(QueryError):
    """The query has more than {most} operators. Ask in several queries."""

    bib1, sru = 6, 38


class TooManyWords(QueryError):
    """More than {most} words fit "{addinfo}". Write more letters of it."""

    bib1, sru = 7, 30


class MalformedTerm(QueryError):
    """The term "{addinfo}" at character {column} cannot be read as what it is said to be. Correct
    it, or write it as plain text.
    """

    bib1, sru = 125, 36


class NeedlessEscape(QueryError):
    """The backslash at character {column} stands before "{addinfo}", which needs none. Take it
    away, or write it twice if you mean a backslash.
    """

    bib1, sru = 125, 26


class AnchorMisplaced(QueryError):
    """The ^ in the term at character {column} is neither at its beginning nor at its end, or the
    relation allows none. Put a backslash before it if it belongs to the term.
    """

    bib1, sru = 119, 32


class EmptyTerm(QueryError):
    """The relation at character {column} needs a term with words in it. Write at least one."""

    bib1, sru = 125, 27


class RangeMalformed(QueryError):
    """{addinfo} at character {column} is no range. Write the first and the last value, with a
    space between: within "1990 1999"
    """

    bib1, sru = 126, 36


class TermTypeUnsupported(QueryError):
    """There are no terms of the type {addinfo} (character {column}). Use one of: {known}"""

    bib1, sru = 229, 48


class ContextSetUnsupported(QueryError):
    """The context set {addinfo} is not known. Use a known prefix, or none."""

    bib1, sru = 121, 15


class AttributeSetUnsupported(QueryError):
    """The attribute set {addinfo} is not known. Use bib-1, or give the number of the set."""

    bib1, sru = 121, 15


class UseUnsupported(QueryError):
    """{addinfo} cannot be searched by. Choose another index, or search everywhere."""

    bib1, sru = 114, 16


class UseMissing(QueryError):
    """The query does not say in which index to search. Name one."""

    bib1, sru = 116, 16


class RelationUnsupported(QueryError):
    """The relation {addinfo} is not supported. Use another one, such as =, or put several words
    that are one term in quotes.
    """

    bib1, sru = 117, 19


class ModifierUnsupported(QueryError):
    """The relation modifier {addinfo} is not supported. Leave it out."""

    bib1, sru = 117, 20


class ModifiersClash(QueryError):
    """The relation modifier {addinfo} at character {column} contradicts another one. Keep one."""

    bib1, sru = 123, 21


class RelationForIndexUnsupported(QueryError):
    """The relation {addinfo} does not go with this index. Use ="""

    bib1, sru = 123, 22


class BooleanModifierUnsupported(QueryError):
    """The modifier {addinfo} of an operator is not supported. Leave it out."""

    bib1, sru = 110, 46


class OperatorUnsupported(QueryError):
    """The operator {addinfo} is not supported. Use and, or, not."""

    bib1, sru = 110, 37


class ProximityUnsupported(QueryError):
    """Words near each other cannot be searched for here. Use and, or put a phrase in quotes."""

    bib1, sru = 129, 39


class ProximityRelationUnsupported(QueryError):
    """The proximity relation {addinfo} is not known. Use one of: < <= = >= > <>"""

    bib1, sru = 131, 40


class ProximityDistanceUnsupported(QueryError):
    """The distance {addinfo} of a proximity is no whole number from 0 up. Write it in digits."""

    bib1, sru = 202, 41


class ProximityUnitUnsupported(QueryError):
    """The unit {addinfo} of a proximity is not known. Use word, sentence, paragraph or element."""

    bib1, sru = 132, 42


class PositionUnsupported(QueryError):
    """The position attribute {addinfo} is not supported. Leave it out to find a term anywhere."""

    bib1, sru = 119, 32


class StructureUnsupported(QueryError):
    """The structure attribute {addinfo} is not supported. Use 1 (phrase) or 2 (word)."""

    bib1, sru = 118, 22


class TruncationUnsupported(QueryError):
    """The truncation attribute {addinfo} is not supported. Write the term out in full."""

    bib1, sru = 120, 28


class CompletenessUnsupported(QueryError):
    """The completeness attribute {addinfo} is not supported. Leave it out."""

    bib1, sru = 122, 22


class AttributeTypeUnsupported(QueryError):
    """Attributes of the type {addinfo} are not supported. Leave them out."""

    bib1, sru = 113, 22


class ResultSetUnsupported(QueryError):
    """Earlier results such as {addinfo} cannot be searched in. Repeat the earlier query."""

    bib1, sru = 18, 50


class ResultSetUnknown(QueryError):
    """There is no earlier result {addinfo} any more. Repeat the earlier query."""

    bib1, sru = 30, 51


class SortUnsupported(QueryError):
    """The order asked for cannot be part of such a query. Ask for it apart from the query."""

    bib1, sru = 207, 80
