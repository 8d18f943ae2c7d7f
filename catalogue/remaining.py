"""How much of the work that publishing queued is left to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from catalogue.database import Database
from catalogue.model import RecordState
from catalogue.sql import table
from catalogue.tables import FormRow, JobRow, RecordRow, SourceRow

_KEPT = [state.value for state in RecordState if state.is_kept]
_forms = table(FormRow).c


def state(database: Database, kind: str) -> str:
    """Return ``running`` or ``queued``, or empty where no job of a kind is either."""
    query = select(JobRow.state).where(JobRow.kind == kind, JobRow.state.in_(("queued", "running")))
    with database.reading() as connection:
        # In alphabetical order what runs comes last, and says most.
        return max(connection.execute(query).scalars(), default="")


def records(database: Database, source: str, current: Collection[str]) -> int:
    """Return how many of a source's live records were mapped by other versions than these."""
    query = (
        select(func.count())
        .select_from(RecordRow)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .where(
            SourceRow.code == source,
            RecordRow.state.in_(_KEPT),
            RecordRow.crosswalk_version.not_in(sorted(current)),
        )
    )
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def forms(database: Database, versions: Mapping[str, str]) -> int:
    """Return how many stored forms were made by another version than that of their prefix."""
    query = select(func.count()).select_from(table(FormRow))
    with database.reading() as connection:
        return sum(
            int(
                connection.execute(
                    query.where(_forms.prefix == prefix, _forms.version != version)
                ).scalar_one()
            )
            for prefix, version in versions.items()
        )
