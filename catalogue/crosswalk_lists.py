"""All crosswalks and rules with how each stands: one line each, in few questions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from catalogue.crosswalk_tables import (
    CrosswalkDraftRow,
    CrosswalkRevisionRow,
    CrosswalkTestRow,
    CrosswalkVersionRow,
)
from catalogue.crosswalks import shelf_within
from catalogue.database import Database
from catalogue.sql import table
from catalogue.tables import SourceRow
from crosswalks import shipped
from crosswalks.crosswalk import IDENTITY
from crosswalks.errors import UnknownCrosswalk
from crosswalks.shelf import Shelf, Written

_versions, _drafts = table(CrosswalkVersionRow).c, table(CrosswalkDraftRow).c
_tests, _revisions = table(CrosswalkTestRow).c, table(CrosswalkRevisionRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A crosswalk, or rules that others include, as a list shows it."""

    name: str
    is_rules: bool
    is_shipped: bool
    """Whether something of this name comes with the program."""
    version: int | None
    """In use; 0 is what is shipped, None is none yet."""
    author: str = ""
    made: int | None = None
    """Epoch seconds, as ``drafted``."""
    draft: int | None = None
    """Its number, if there is one."""
    drafted_by: str = ""
    drafted: int | None = None
    tests: int = 0


def named_by(database: Database) -> list[tuple[str, str]]:
    """Return all sources by name, each with the crosswalk that it names; empty: none."""
    query = select(SourceRow.code, SourceRow.settings).order_by(SourceRow.code)
    with database.reading_primary() as connection:
        rows = connection.execute(query).all()
    return [(row.code, json.loads(row.settings).get("crosswalk", "")) for row in rows]


def overview(database: Database) -> tuple[Shelf, list[Line]]:
    """Return the crosswalks in use, and a line for each there is, by name; rules come last."""
    latest = select(func.max(_versions.id)).group_by(_versions.name)
    of_versions = select(_versions.name, _versions.version, _versions.author, _versions.made).where(
        _versions.id.in_(latest)
    )
    of_drafts = select(_drafts.name, _drafts.number, _drafts.author, _drafts.made, _drafts.text)
    of_tests = select(_tests.name, func.count()).group_by(_tests.name)
    with database.reading_primary() as connection:
        shelf = shelf_within(connection)
        versions = {row.name: row for row in connection.execute(of_versions)}
        drafts = {row.name: row for row in connection.execute(of_drafts)}
        kept = connection.scalars(select(_revisions.name).distinct()).all()
        tests = {str(row[0]): int(row[1]) for row in connection.execute(of_tests)}
    ships = {IDENTITY, *shipped.names(), *shipped.rule_names()}
    names = {*shelf.names(), *ships, *versions, *drafts, *kept}
    lines = [
        Line(
            name=name,
            is_rules=_is_rules(shelf, name, drafts),
            is_shipped=name in ships,
            tests=tests.get(name, 0),
            **_version(versions.get(name), is_shipped=name in ships),
            **_draft(drafts.get(name)),
        )
        for name in names
    ]
    return shelf, sorted(lines, key=lambda line: (line.is_rules, line.name))


def _version(row: Any, *, is_shipped: bool) -> dict[str, Any]:
    if row is None:
        return {"version": 0 if is_shipped else None}
    return {"version": row.version, "author": row.author, "made": row.made}


def _draft(row: Any) -> dict[str, Any]:
    if row is None:
        return {}
    return {"draft": row.number, "drafted_by": row.author, "drafted": row.made}


def _is_rules(shelf: Shelf, name: str, drafts: Mapping[str, Any]) -> bool:
    try:
        return shelf.written(name).is_rules
    except UnknownCrosswalk:
        return name in drafts and Written(text=drafts[name].text).is_rules
