"""Opening a ticket: one for a report, however often it is sent."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256

from sqlalchemy import Connection, func, insert, select

from catalogue.alerts.addresses import check_mail
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.members.text import paragraphs
from catalogue.sql import dialect_insert, table
from catalogue.tables import ClusterRow, LibraryRow, MemberRow, RecordRow, SourceRow
from catalogue.tickets.errors import BadReport, TooManyReports
from catalogue.tickets.model import Report, State
from catalogue.tickets.tables import TicketEventRow, TicketLibraryRow, TicketRow
from crosswalks.errors import Said
from crosswalks.text import fold, storable

SHORTEST, LONGEST = 3, 2000
"""Characters of what a reader says."""
MOST_OPEN = 20
"""Reports of one record that nobody has looked at yet: more would tell nobody anything."""
_TITLE = 300

_tickets, _owned, _events = table(TicketRow), table(TicketLibraryRow), table(TicketEventRow)
_clusters, _libraries = table(ClusterRow), table(LibraryRow)


def open_ticket(
    database: Database, public_id: str, title: str, report: Report, holders: Collection[str] = ()
) -> int:
    """Keep a report of a record, and return its number: the same again for the same report.

    It concerns the libraries whose records make the record, and ``holders``, by their codes. Raises
    BadReport, BadMailAddress or TooManyReports.
    """
    text = checked(report)

    def work(connection: Connection) -> int:
        query = select(_clusters.c.id, _clusters.c.successor_id)
        row = connection.execute(query.where(_clusters.c.public_id == public_id)).one()
        cluster, now = row.successor_id or row.id, wall_clock()
        values = {
            "cluster_id": cluster,
            "title": storable(title)[:_TITLE],
            "kind": report.kind.value,
            "text": text,
            "state": State.OPEN.value,
            "opened": now,
            "changed": now,
            "told": 0,
            "mail": report.mail,
            "language": report.language,
            "answer": "",
            "once": _digest(cluster, report, text),
            "rev": 0,
        }
        same = select(_tickets.c.id).where(_tickets.c.once == values["once"])
        if there := connection.execute(same).scalar():
            return int(there)
        once = dialect_insert(connection, TicketRow).values(values)
        once = once.on_conflict_do_nothing(index_elements=["once"])
        number = connection.execute(once.returning(_tickets.c.id)).scalar()
        if number is None:
            # Sent twice at the same moment.
            return int(connection.execute(same).scalar_one())
        _check_not_many(connection, cluster)
        _concern(connection, number, cluster, holders)
        first = {"ticket_id": number, "at": now, "person": "", "library_id": None, "note": ""}
        connection.execute(insert(_events).values(**first, state=State.OPEN.value))
        return int(number)

    return database.writing(work)


def checked(report: Report) -> str:
    """Return what a reader says as it is kept. Raises BadReport or BadMailAddress."""
    text = storable(paragraphs(report.text))
    if len(fold(text)) < SHORTEST:
        raise BadReport(reason=Said("please say in a few words what is wrong", {}))
    if len(text) > LONGEST:
        said = Said("please say it in {most} characters at most", {"most": LONGEST})
        raise BadReport(reason=said)
    if report.mail:
        check_mail(report.mail)
    return text


def _digest(cluster: int, report: Report, text: str) -> str:
    told = f"{cluster}\0{report.kind.value}\0{fold(text)}"
    return sha256(told.encode("utf-8", "surrogateescape")).hexdigest()


def _check_not_many(connection: Connection, cluster: int) -> None:
    opened = (_tickets.c.cluster_id == cluster) & (_tickets.c.state == State.OPEN.value)
    some = select(_tickets.c.id).where(opened).limit(MOST_OPEN + 1).subquery()
    if connection.execute(select(func.count()).select_from(some)).scalar_one() > MOST_OPEN:
        raise TooManyReports(count=MOST_OPEN)


def _concern(connection: Connection, number: int, cluster: int, holders: Collection[str]) -> None:
    made = (
        select(SourceRow.library_id)
        .join(RecordRow, RecordRow.source_id == SourceRow.id)
        .join(MemberRow, MemberRow.record_id == RecordRow.id)
        .where(MemberRow.cluster_id == cluster)
        .distinct()
    )
    have = select(_libraries.c.id).where(_libraries.c.code.in_(holders))
    keys = {*connection.scalars(made), *connection.scalars(have)}
    rows = [
        {"ticket_id": number, "library_id": key, "state": State.OPEN.value} for key in sorted(keys)
    ]
    if rows:
        connection.execute(insert(_owned), rows)
