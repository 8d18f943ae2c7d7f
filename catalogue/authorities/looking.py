"""Looking lists of authorities up: which there are, what is in them, and one heading in full."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, tuple_

from catalogue.authorities.errors import NoSuchAuthority, NoSuchAuthorityList
from catalogue.authorities.forms import LONGEST, forms
from catalogue.authorities.known import holds, lists, rows
from catalogue.authorities.model import Address, Authority, AuthorityList, Link, Listed
from catalogue.authorities.tables import AuthorityKeyRow, AuthorityNameRow, ListRow
from catalogue.database import Database
from catalogue.search.tokens import folded
from catalogue.sql import Lookup, Query, chunks, table
from crosswalks.authorities.model import Entry, Kind

_keys, _names = table(AuthorityKeyRow).c, table(AuthorityNameRow).c
_NAMES = Lookup(select(_names.authority_id, _names.at, _names.text), _names.authority_id)
_AFTER = "\U0010ffff"


class Wanted(NamedTuple):
    """Which headings are wanted, and behind which of them a page begins."""

    words: str = ""
    """What a name begins with, in any order of a person's; empty: all."""
    code: str = ""
    """Only of this list."""
    after: tuple[str, int] = ("", -1)
    limit: int = 20


class Page(NamedTuple):
    """A page of headings, and what the next one is asked by; None at the end."""

    headings: list[Listed]
    more: tuple[str, int] | None


def all_lists(database: Database) -> list[AuthorityList]:
    """Return all lists by their codes; there are dozens at most."""
    with database.reading() as connection:
        query = select(table(ListRow)).where(lists.version > 0).order_by(lists.code)
        return [
            AuthorityList(
                code=row.code,
                name=row.name,
                kind=Kind(row.kind),
                widens=row.widens,
                headings=row.headings,
                imported=row.imported,
                author=row.author,
            )
            for row in connection.execute(query)
        ]


def one_list(database: Database, code: str) -> AuthorityList:
    """Return a list. Raises NoSuchAuthorityList."""
    found = next((each for each in all_lists(database) if each.code == code), None)
    if found is None:
        raise NoSuchAuthorityList(code=code)
    return found


def find(database: Database, wanted: Wanted) -> Page:
    """Return headings whose own name, or one that leads to them, begins with words.

    Without words those of a list, in Vietnamese order. A heading that several of its names lead to
    comes once on a page for each. Raises NoSuchAuthorityList.
    """
    if wanted.code:
        one_list(database, wanted.code)
    words = " ".join(folded(wanted.words))[:LONGEST]
    query = _by_words(wanted, words) if words else _in_order(wanted)
    with database.reading() as connection:
        found = connection.execute(query.limit(wanted.limit + 1)).all()
        more = found[wanted.limit - 1] if len(found) > wanted.limit else None
        found = found[: wanted.limit]
        names = names_of(connection, [row.id for row in found]) if words else {}
    listed = [
        Listed(
            Address(row.code, row.number),
            Kind(row.kind),
            row.heading,
            _by(row.place, names.get(row.id, []), Kind(row.kind)),
        )
        for row in found
    ]
    return Page(listed, (more.place, more.id) if more else None)


def _by(place: str, names: Iterable[str], kind: Kind) -> str:
    """Return the name that has a key, nothing where it is the heading's."""
    by = (
        at for at, name in enumerate(names) if any(each.key == place for each in forms(name, kind))
    )
    first = next(by, 0)
    return list(names)[first] if first else ""


def _joined(*columns: Any) -> Query:
    query: Query = select(
        lists.code,
        rows.number,
        rows.kind,
        rows.heading,
        rows.id,
        *columns,
    )
    return query.where(holds())


def _by_words(wanted: Wanted, words: str) -> Query:
    begins = (_keys.key >= words, _keys.key < words + _AFTER)
    query = _joined(_keys.key.label("place"))
    query = query.where(_keys.authority_id == rows.id, *begins)
    return _paged(query, wanted, (_keys.key, _keys.authority_id))


def _in_order(wanted: Wanted) -> Query:
    query = _joined(rows.order.label("place"))
    return _paged(query, wanted, (rows.order, rows.id))


def _paged(query: Query, wanted: Wanted, order: tuple[Any, Any]) -> Query:
    if wanted.code:
        query = query.where(lists.code == wanted.code)
    after = tuple_(*order) > tuple_(*wanted.after)
    return query.where(after).order_by(*order)


def show(database: Database, address: Address) -> Authority:
    """Return an authority in full. Raises NoSuchAuthority or NoSuchAuthorityList."""
    name = one_list(database, address.code).name
    with database.reading() as connection:
        query = select(rows.body).where(
            holds(), lists.code == address.code, rows.number == address.number
        )
        body = connection.execute(query).scalar_one_or_none()
        if body is None:
            raise NoSuchAuthority(code=address.code, number=address.number)
        entry = Entry.from_json(body)
        links = tuple(_links(connection, address.code, entry))
    return Authority(address=address, list_name=name, entry=entry, links=links)


def _links(connection: Connection, code: str, entry: Entry) -> list[Link]:
    """Return related headings with their addresses, as far as the list has them."""
    found = entry.related
    by_number = _headings(connection, code, [each.number for each in found if each.number])
    keys = {each.text: key_of(each.text, entry.kind) for each in found}
    by_text = _numbers(connection, code, filter(None, keys.values()))
    links = []
    for each in found:
        number = each.number if each.number in by_number else by_text.get(keys[each.text], "")
        text = each.text or by_number.get(each.number, "") or each.number
        links.append(Link(each.relation, text, Address(code, number) if number else None))
    return links


def _headings(connection: Connection, code: str, numbers: Iterable[str]) -> dict[str, str]:
    query = select(rows.number, rows.heading).where(holds(), lists.code == code)
    return {
        row.number: row.heading
        for chunk in chunks(numbers)
        for row in connection.execute(query.where(rows.number.in_(chunk)))
    }


def _numbers(connection: Connection, code: str, keys: Iterable[str]) -> dict[str, str]:
    """Return the numbers of established headings, by their folded words."""
    query = select(_keys.key, rows.number).where(
        holds(), lists.code == code, _keys.authority_id == rows.id, _keys.established
    )
    return {
        row.key: row.number
        for chunk in chunks(set(keys))
        for row in connection.execute(query.where(_keys.key.in_(chunk)))
    }


def key_of(text: str, kind: Kind) -> str:
    """Return the words by which a heading is found, nothing for one without any."""
    found = forms(text, kind)
    return found[0].key if found else ""


def names_of(connection: Connection, ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the names of authorities by their keys, the heading first."""
    found: dict[int, list[str]] = {}
    for number, _, text in sorted(_NAMES.rows(connection, ids)):
        found.setdefault(number, []).append(text)
    return found
