"""Names of one person that stand in the catalogue: what a matching policy can be given to go by.

They are frozen into a policy, and judged by only when that one is switched on: a list that changes
changes no cluster. Precision comes first: a name that two authorities have is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from catalogue.authorities.forms import Form, forms, undated
from catalogue.authorities.known import holds, lists, rows
from catalogue.authorities.looking import names_of
from catalogue.authorities.used import dated
from catalogue.database import Database
from catalogue.match.names import name_key
from catalogue.search.columns import NAMES
from crosswalks.authorities.model import Kind

_STEP = 500


def same_persons(database: Database) -> list[tuple[str, ...]]:
    """Return for each person of a list that counts the names under which there are records.

    As ``name_key`` has them, two at least, sorted.
    """
    groups = list(_groups(database))
    owners = Counter(name for group in groups for name in group)
    kept = (tuple(name for name in group if owners[name] == 1) for group in groups)
    return sorted(group for group in kept if len(group) > 1)


def _groups(database: Database) -> Iterator[tuple[str, ...]]:
    last = -1
    query = select(rows.id).where(
        holds(), lists.widens, rows.kind == Kind.PERSON.value, rows.id > bindparam("last")
    )
    query = query.order_by(rows.id).limit(_STEP)
    while True:
        with database.reading() as connection:
            found = list(connection.execute(query, {"last": last}).scalars())
            groups = _used(connection, found) if found else []
        yield from groups
        if len(found) < _STEP:
            return
        last = found[-1]


def _used(connection: Connection, ids: Sequence[int]) -> list[tuple[str, ...]]:
    """Return the names of each under which there are records."""
    names = names_of(connection, ids)
    written = {text: forms(text, Kind.PERSON) for texts in names.values() for text in texts}
    keys = {form.key for found in written.values() for form in found}
    held: dict[str, set[str]] = {}
    for each in dated(connection, NAMES, keys):
        held.setdefault(each.key, set()).add(each.exact)
    return [
        tuple(sorted({_key(text) for text in texts if _stands(written[text], held)} - {""}))
        for texts in names.values()
    ]


def _stands(found: Sequence[Form], held: Mapping[str, set[str]]) -> bool:
    written = ((form.key, " ".join(form.exact)) for form in found)
    return any(
        exact == name or exact.startswith(f"{name} ")
        for key, name in written
        for exact in held.get(key, ())
    )


def _key(text: str) -> str:
    return name_key(undated(text, Kind.PERSON))
