"""How libraries hang together: who took over whom, and who is in which group."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from catalogue.members.model import Group
from catalogue.members.tables import GroupMemberRow, GroupRow
from catalogue.tables import LibraryRow


def heirs(connection: Connection, library_id: int) -> frozenset[int]:
    """Return the library that took over from this one, and those that took over from that.

    It is among them itself only where they lead back to it.
    """
    query = select(LibraryRow.successor_id)
    found: set[int] = set()
    step: int | None = library_id
    while step is not None:
        step = connection.execute(query.where(LibraryRow.id == step)).scalar()
        if step in found:
            break
        found |= {step} if step is not None else set()
    return frozenset(found)


def predecessors(connection: Connection) -> dict[str, list[str]]:
    """Return the code of each library that took others over, with all their codes, sorted."""
    heir = aliased(LibraryRow)
    query = select(LibraryRow.code, heir.code).join(heir, heir.id == LibraryRow.successor_id)
    successor = {old: new for old, new in connection.execute(query)}  # noqa: C416 - rows
    found: defaultdict[str, list[str]] = defaultdict(list)
    for old in sorted(successor):
        for code in _line(successor, old):
            found[code].append(old)
    return dict(found)


def _line(successor: dict[str, str], old: str) -> list[str]:
    """Return who took over from a library, one after the other."""
    found: list[str] = []
    while (old := successor.get(old, "")) and old not in found:
        found.append(old)
    return found


def groups_of_libraries(connection: Connection) -> dict[int, list[tuple[str, str]]]:
    """Return by library the code and name of each group that it is in, by code."""
    query = (
        select(GroupMemberRow.library_id, GroupRow.code, GroupRow.name_vi, GroupRow.name_en)
        .join(GroupRow, GroupRow.id == GroupMemberRow.group_id)
        .order_by(GroupRow.code)
    )
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for library, code, name_vi, name_en in connection.execute(query):
        found[library].append((code, Group(code=code, name_vi=name_vi, name_en=name_en).label))
    return dict(found)
