"""What people said of pairs of authorities, as it stands: the latest answer that was not undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from catalogue.authorities.model import Address, Answer
from catalogue.authorities.tables import AnswerRow
from catalogue.sql import Lookup, table

_answers = table(AnswerRow).c
_STANDING = select(_answers.id, _answers.one, _answers.other, _answers.answer).where(
    _answers.undone_at.is_(None)
)
_BY_ONE, _BY_OTHER = (Lookup(_STANDING, each) for each in (_answers.one, _answers.other))


def answers(
    connection: Connection, addresses: Iterable[Address]
) -> Mapping[tuple[Address, Address], Answer]:
    """Return what was said of pairs in which any of these is, the lesser of two first."""
    wanted = [str(each) for each in addresses]
    found = {
        number: (Address.read(one), Address.read(other), Answer(answer))
        for lookup in (_BY_ONE, _BY_OTHER)
        for number, one, other, answer in lookup.rows(connection, wanted)
    }
    return {(one, other): answer for _, (one, other, answer) in sorted(found.items())}
