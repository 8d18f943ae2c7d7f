"""``lienthong search``: find clusters of the union catalogue by words, fields or a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import click

from catalogue.search import (
    FacetName,
    Request,
    ScanRequest,
    SearchEngine,
    SortField,
    Sorting,
    engine,
    plain,
    planned,
    sorted_by,
    telling,
)
from catalogue.search.columns import NAMED
from catalogue.search.leaves import columns_of
from hub.errors import NothingAsked, UnknownName
from hub.instance import Hub
from hub.options import GREATEST, json_option, limit_option, with_options
from protocols import cql, pqf
from protocols.rpn.tree import Query, Term

T = TypeVar("T")
_FIELDS = sorted(NAMED)
_SCANNED = [name for name in _FIELDS if name not in {"any", "year", "changed"}]
_FACETS = [name.value for name in FacetName]
_SORTS = [f"{sign}{field.value}" for field in SortField for sign in ("", "-")]


class Asked(NamedTuple):
    """What the command line says is looked for, and how hits are wanted."""

    words: tuple[str, ...]
    field: tuple[str, ...]
    cql: str
    pqf: str
    only: tuple[str, ...]
    sort: tuple[str, ...]
    by_work: bool
    view: str
    offset: int
    limit: int
    as_typed: bool

    def query(self) -> Query:
        """Return the query tree."""
        return queried(self.words, self.field, self.cql, self.pqf)

    def request(self, query: Query) -> Request:
        """Return what a search engine is asked."""
        sort = [Sorting(SortField(each.lstrip("-")), each.startswith("-")) for each in self.sort]
        told = [Sorting(SortField(name), descending) for name, descending in sorted_by(query)]
        narrowed = [_parted(each, _FACETS) for each in self.only]
        return Request(
            wanted=planned(query),
            view=self.view,
            narrowed=tuple((FacetName(name), value) for name, value in narrowed),
            sort=tuple(sort or told),
            by_work=self.by_work,
            offset=self.offset,
            limit=self.limit,
            see=not self.as_typed,
        )


def queried(words: Sequence[str], field: Sequence[str], in_cql: str, in_pqf: str) -> Query:
    """Return the query tree; raises NothingAsked where it is said in no way, or in two."""
    ways = [bool(words or field), bool(in_cql), bool(in_pqf)]
    if sum(ways) == 1 and in_cql:
        return cql.read(in_cql)
    if sum(ways) == 1 and in_pqf:
        return pqf.read(in_pqf)
    found = plain.joined(_terms(words, field))
    if found is None or sum(ways) != 1:
        raise NothingAsked
    return found


def _terms(words: Sequence[str], field: Sequence[str]) -> Iterator[Term]:
    yield from plain.terms(" ".join(words))
    for each in field:
        name, told = _parted(each, _FIELDS)
        yield from plain.terms(told, name)


def _parted(text: str, known: Sequence[str]) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or name not in known or not value.strip():
        raise UnknownName(given=text, known=", ".join(known))
    return name, value


_HOW = (
    click.option("--field", multiple=True, metavar="NAME=WORDS", help="Words of one field only."),
    click.option("--cql", default="", metavar="QUERY", help="A query in CQL."),
    click.option("--pqf", default="", metavar="QUERY", help="A query in PQF, with Bib-1."),
    click.option(
        "--only", multiple=True, metavar="FACET=VALUE", help="Only hits that have this value."
    ),
    click.option(
        "--sort", multiple=True, type=click.Choice(_SORTS), help="Sort by this; - for descending."
    ),
    click.option(
        "--by-work/--editions", default=True, help="Show a work once, or each of its editions."
    ),
    click.option("--view", default="public", show_default=True, help="As this view sees it."),
    click.option(
        "--offset",
        type=click.IntRange(min=0, max=GREATEST),
        default=0,
        help="Leave out the first ones.",
    ),
    limit_option,
    click.option(
        "--as-typed", is_flag=True, help="Not by other names that lists of authorities know."
    ),
)


@click.command("search")
@click.argument("words", nargs=-1)
@with_options(*_HOW)
@click.option(
    "--facet",
    multiple=True,
    type=click.Choice(_FACETS),
    help="Count hits by this, instead of showing them.",
)
@click.option(
    "--scan", type=click.Choice(_SCANNED), help="List the terms of a field from WORDS on."
)
@click.option("--explain", is_flag=True, help="Show the query and what each part finds and costs.")
@json_option
@click.pass_obj
def command(
    hub: Hub,
    /,
    *,
    facet: tuple[str, ...],
    scan: str | None,
    explain: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """Search the union catalogue; marks may be left out."""
    wanted = Asked(**asked)
    with hub.catalogue() as db:
        found = engine(db)
        if scan:
            return _scan(hub, found, wanted, scan, as_json=as_json)
        query = wanted.query()
        request = wanted.request(query)
        if explain:
            return _explain(hub, found, query, request, as_json=as_json)
        if facet:
            counted = replace(
                request, facets=tuple(map(FacetName, facet)), facet_values=wanted.limit
            )
            return _count(hub, found, counted, as_json=as_json)
        return _show(hub, found, request, as_json=as_json)


def _show(hub: Hub, found: SearchEngine, request: Request, *, as_json: bool) -> None:
    page = found.search(request)
    if as_json:
        return hub.output.values(page.hits)
    rows = (
        (hit.public_id, hit.title, hit.author, hit.year, hit.editions, hit.libraries)
        for hit in page.hits
    )
    hub.output.table(("ID", "Title", "Author", "Year", "Editions", "Libraries"), rows)
    for each in page.also:
        hub.output.notice(
            "Also searched: {names} (list {code}). Without: --as-typed",
            names="; ".join(each.names),
            code=each.code,
        )
    return hub.output.notice(
        "Found: {total}; records: {clusters}", total=page.total, clusters=page.clusters
    )


def _count(hub: Hub, found: SearchEngine, request: Request, *, as_json: bool) -> None:
    counts = found.search(replace(request, limit=1)).facets
    rows = [(name.value, value, hits) for name, values in counts for value, hits in values]
    if as_json:
        return hub.output.values({"facet": a, "value": b, "hits": c} for a, b, c in rows)
    return hub.output.table(("Facet", "Value", "Found"), rows)


def _scan(hub: Hub, found: SearchEngine, asked: Asked, field: str, *, as_json: bool) -> None:
    request = ScanRequest(
        columns=columns_of(field),
        term=" ".join(asked.words),
        count=asked.limit,
        view=asked.view,
        see=True,
    )
    terms = found.scan(request).terms
    if as_json:
        return hub.output.values(term._asdict() for term in terms)
    return hub.output.table(
        ("Term", "Records", "See", "See also"),
        [(text, count, "; ".join(see), "; ".join(also)) for text, count, see, also in terms],
    )


def _explain(
    hub: Hub, found: SearchEngine, query: Query, request: Request, *, as_json: bool
) -> None:
    rows = [
        (cost.clusters, round(cost.milliseconds, 2), cost.depth, telling.told(cost.part))
        for cost in found.costs(request)
    ]
    if as_json:
        names = ("records", "milliseconds", "depth", "part")
        return hub.output.values(
            [{"pqf": pqf.write(query)}, *(dict(zip(names, row, strict=True)) for row in rows)]
        )
    hub.output.line(pqf.write(query))
    return hub.output.table(
        ("Records", "ms", "What is looked for"),
        [(clusters, took, "  " * depth + told) for clusters, took, depth, told in rows],
    )
