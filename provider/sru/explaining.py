"""explain: what this server can do, from the tables by which it does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from catalogue.search.columns import ANY, USES
from catalogue.search.leaves import MODIFIERS
from catalogue.search.plan import SUPPORTED
from protocols.cql.mapping import INDEXES, URIS
from protocols.rpn.tree import Attribute, AttributeType
from protocols.sru import explaining
from protocols.sru.model import Explained, Index
from protocols.sru.names import SCHEMAS, Version
from protocols.sru.parameters import DEFAULT_RECORDS, DEFAULT_TERMS
from protocols.tables import rows
from provider.lookup import UNION, Base
from provider.sru.service import Service

_RELATIONS = ("=", "==", "<>", "<", "<=", ">", ">=", "exact", "any", "all", "adj", "within", "scr")
_BOOLEANS = ("and", "or", "not", "prox")


def record(service: Service, base: Base, version: Version) -> bytes:
    """Return the explain record of a database (ZeeRex 2.0)."""
    return explaining.write(_explained(service, base), version)


def _explained(service: Service, base: Base) -> Explained:
    name = service.identity.name
    title = base.title if base.name != UNION and base.title else name
    return Explained(
        address=service.address(base),
        titles=(("vi", title), ("en", title)),
        descriptions=_descriptions(name, base),
        contact=service.identity.admin_email,
        sets=_sets(),
        indexes=indexes(),
        defaults=_defaults(service),
        settings=_settings(service),
        supports=_supports(),
    )


def _descriptions(name: str, base: Base) -> tuple[tuple[str, str], ...]:
    if base.name == UNION:
        return (
            ("vi", f"Mục lục liên hợp {name}: gõ tiếng Việt có dấu hay không dấu đều được."),
            ("en", f"The union catalogue {name}: Vietnamese may be typed with or without marks."),
        )
    title = base.title or base.name
    return (
        ("vi", f"Những tài liệu của {title} trong mục lục liên hợp {name}."),
        ("en", f"What {title} holds, in the union catalogue {name}."),
    )


@cache
def indexes() -> tuple[Index, ...]:
    """Return all that can be searched by, those names together that mean the same."""
    named: dict[tuple[Attribute, ...], list[tuple[str, str]]] = {}
    for prefix, name, attributes in _searchable():
        named.setdefault(attributes, []).append((prefix, name))
    return tuple(_index(attributes, names) for attributes, names in named.items())


def _searchable() -> Iterator[tuple[str, str, tuple[Attribute, ...]]]:
    known = {
        (prefix.lower(), name.lower()): (prefix, name)
        for prefix, name, _ in rows("protocols.cql", "indexes.tsv")
    }
    for key, attributes in INDEXES.items():
        use = _use(attributes)
        if use is not None and use in SUPPORTED.use:
            yield *known[key], attributes


def _use(attributes: tuple[Attribute, ...]) -> int | str | None:
    return next((each.value for each in attributes if each.type == AttributeType.USE), None)


def _index(attributes: tuple[Attribute, ...], names: list[tuple[str, str]]) -> Index:
    use = _use(attributes)
    columns = USES.get(use, ()) if isinstance(use, int) else ()
    return Index(
        titles=_titles()[use],
        names=tuple(names),
        scan=bool(columns) and columns != (ANY,),
        sort=any(each in SUPPORTED.sort for each in attributes),
    )


@cache
def _titles() -> Mapping[int | str | None, tuple[tuple[str, str], ...]]:
    english = {use: meaning for use, _, meaning in rows("catalogue.search", "uses.tsv")}
    return {
        int(use) if use.isdigit() else use: (("vi", vietnamese), ("en", own or english[use]))
        for use, vietnamese, own in rows("provider.sru", "titles.tsv")
    }


@cache
def _sets() -> tuple[tuple[str, str], ...]:
    used = dict.fromkeys(prefix for index in indexes() for prefix, _ in index.names)
    return tuple((prefix, URIS[prefix]) for prefix in used)


def _defaults(service: Service) -> tuple[tuple[str, str], ...]:
    return (
        ("numberOfRecords", str(min(DEFAULT_RECORDS, service.most_records))),
        ("numberOfTerms", str(min(DEFAULT_TERMS, service.most_terms))),
        ("retrieveSchema", SCHEMAS[0].name),
        ("contextSet", "cql"),
        ("index", "cql.serverChoice"),
        ("relation", "="),
    )


def _settings(service: Service) -> tuple[tuple[str, str], ...]:
    return (("maximumRecords", str(service.most_records)),)


def _supports() -> tuple[tuple[str, str], ...]:
    return (
        *(("relation", each) for each in _RELATIONS),
        *(("relationModifier", each) for each in MODIFIERS),
        *(("booleanModifier", each) for each in ("unit=word", "distance", "ordered")),
        *(("boolean", each) for each in _BOOLEANS),
        ("maskingCharacter", "*"),
        ("maskingCharacter", "?"),
        ("anchoring", "^"),
        ("sort", ""),
        ("scan", ""),
        *(("queryType", each) for each in ("cql", "searchTerms")),
    )
