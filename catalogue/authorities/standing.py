"""What people said of pairs of authorities, as it stands: the latest answer that was not undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, or_, select

from catalogue.authorities.model import Address, Answer
from catalogue.authorities.tables import AnswerRow
from catalogue.sql import chunks, table

_answers = table(AnswerRow).c


def answers(
    connection: Connection, addresses: Iterable[Address]
) -> Mapping[tuple[Address, Address], Answer]:
    """Return what was said of pairs in which any of these is, the lesser of two first."""
    query = select(_answers.one, _answers.other, _answers.answer).where(
        _answers.undone_at.is_(None)
    )
    found: dict[tuple[Address, Address], Answer] = {}
    for chunk in chunks(map(str, addresses)):
        among = or_(_answers.one.in_(chunk), _answers.other.in_(chunk))
        for one, other, answer in connection.execute(query.where(among).order_by(_answers.id)):
            found[Address.read(one), Address.read(other)] = Answer(answer)
    return found
