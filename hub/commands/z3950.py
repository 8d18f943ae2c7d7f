"""``lienthong z3950``: what a Z39.50 server answers, for whoever has to find out what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import click

from crosswalks.model import RawRecord
from crosswalks.reading import read
from harvester.z3950.address import parse
from harvester.z3950.client import Client
from harvester.z3950.model import Composition, Manners, Opened, Piece, SignIn, Traced
from hub import apdus
from hub.commands.credentials import first_line
from hub.errors import WrongUse
from hub.harvesting import http_settings
from hub.instance import Hub
from hub.options import GREATEST, json_option, with_options
from hub.plain import plain
from hub.z3950probe import Probed, probe
from protocols import cql, pqf
from protocols.diagnostics import BIB1
from protocols.rpn.tree import Query, Term
from protocols.z3950 import oids
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.oids import Kind
from web.language import message

T = TypeVar("T")
_POSITIVE = click.IntRange(1, GREATEST)
_MOST = click.IntRange(1, 100_000)
_STEP = 50


class Asked(NamedTuple):
    """How a server is spoken to, as the command line says it."""

    charset: str
    user: str
    group_id: str
    file: str | None
    timeout: float
    trace: bool


_HOW = (
    click.option(
        "--charset", default="", help="Character set to propose for terms; default: none."
    ),
    click.option(
        "--user", default="", help="User name to sign in with; the password is asked for."
    ),
    click.option("--group", "group_id", default="", help="Group of the user."),
    click.option(
        "--from",
        "file",
        metavar="FILE",
        help="File whose first line is the password, - for standard input; default: ask.",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=30.0,
        show_default=True,
        help="Seconds to wait for a connection, and for each answer.",
    ),
    click.option("--trace", is_flag=True, help="Show each message sent and received."),
    json_option,
)
_RECORDS = (
    click.option("--cql", "is_cql", is_flag=True, help="QUERY is CQL; default: PQF."),
    click.option("--syntax", default="usmarc", show_default=True, help="Record syntax to ask for."),
    click.option(
        "--elements", default="F", show_default=True, help="Element set; empty: say nothing of it."
    ),
    click.option(
        "--start", type=_POSITIVE, default=1, show_default=True, help="First record wanted."
    ),
)


@click.group("z3950")
def group() -> None:
    """Ask a Z39.50 server: URL is z3950://host:port/database, or z3950s:// for TLS."""


@group.command("search")
@click.argument("url")
@click.argument("query")
@click.option("--cql", "is_cql", is_flag=True, help="QUERY is CQL; default: PQF.")
@with_options(*_HOW)
@click.pass_obj
def search(hub: Hub, /, url: str, query: str, *, is_cql: bool, as_json: bool, **how: Any) -> None:
    """Search, and say how many records there are."""
    wanted = _query(query, is_cql=is_cql)
    found = _talk(hub, url, Asked(**how), lambda client: client.search(wanted))
    if as_json:
        hub.output.value({"hits": found.hits, "partial": found.partial})
        return
    hub.output.pairs({"Found": found.hits})
    if found.partial:
        hub.output.notice("The server says that this is only a part of what there is.")


@group.command("present")
@click.argument("url")
@click.argument("query")
@with_options(*_RECORDS)
@click.option(
    "--count", type=_MOST, default=1, show_default=True, help="How many records are wanted."
)
@with_options(*_HOW)
@click.pass_obj
def present(hub: Hub, /, url: str, query: str, *, is_cql: bool, **how: Any) -> None:
    """Search, and show records of the result."""
    start, count = how.pop("start"), how.pop("count")
    composition = Composition(syntax=_syntax(how.pop("syntax")), elements=how.pop("elements"))
    wanted, as_json = _query(query, is_cql=is_cql), how.pop("as_json")

    async def fetch(client: Client) -> int:
        found = await client.search(wanted)
        last = min(found.hits, start + count - 1)
        for at in range(start, last + 1, _STEP):
            some = min(_STEP, last + 1 - at)
            for piece in await client.fetch(at, some, composition=composition):
                _show(hub, piece, as_json=as_json)
        return found.hits

    hits = _talk(hub, url, Asked(**how), fetch)
    hub.output.notice("Found: {hits}", hits=hits)


@group.command("scan")
@click.argument("url")
@click.argument("term")
@click.option(
    "--start", type=_POSITIVE, default=1, show_default=True, help="Place of TERM in the list."
)
@click.option(
    "--count", type=_MOST, default=20, show_default=True, help="How many terms are wanted."
)
@with_options(*_HOW)
@click.pass_obj
def scan(hub: Hub, /, url: str, term: str, *, as_json: bool, **how: Any) -> None:
    """List an index: TERM is where to begin, in PQF with its attributes: '@attr 1=4 a'."""
    start, count = how.pop("start"), how.pop("count")
    root = pqf.read(term).root
    if not isinstance(root, Term):
        raise WrongUse(reason="a list of terms begins with one term, not with several")
    found = _talk(hub, url, Asked(**how), lambda client: client.scan(root, count, position=start))
    if as_json:
        hub.output.values(
            {"term": each.term, "display": each.display, "records": each.records}
            | ({"diagnostic": _diagnostic(each.said)} if each.said else {})
            for each in found.entries
        )
        return
    rows = [
        (_in_words(hub, each.said) if each.said else each.display or each.term, each.records)
        for each in found.entries
    ]
    hub.output.table(("Term", "Records"), rows)
    if found.ended:
        hub.output.notice("The list ends here.")


@group.command("explain")
@click.argument("url")
@with_options(*_HOW)
@click.pass_obj
def explain(hub: Hub, /, url: str, *, as_json: bool, **how: Any) -> None:
    """Say what a server answers to Init, and try out what else it can do."""

    async def ask(client: Client) -> tuple[Opened, list[Probed]]:
        opened = client.opened
        assert opened is not None
        return opened, [each async for each in probe(client)]

    opened, found = _talk(hub, url, Asked(**how), ask)
    options = [apdus.option_name(each) for each in sorted(opened.options)]
    if as_json:
        said = plain(opened) | {"options": options}
        hub.output.value(said | {"tried": [each.plain() for each in found]})
        return
    hub.output.pairs(
        {
            "Name": opened.name,
            "Software": opened.software,
            "Identifier": opened.id,
            "Version": opened.version,
            "Options": options,
            "Largest answer": opened.preferred,
            "Largest record": opened.exceptional,
            "Character set": opened.charset,
        }
    )
    hub.output.table(
        ("Tried", "Result"),
        [(each.what, _result(hub, each)) for each in found],
    )


def _result(hub: Hub, each: Probed) -> str:
    if each.error is not None:
        return message(each.error, hub.translate)
    return _in_words(hub, each.said) if each.said else each.result


def _query(text: str, *, is_cql: bool) -> Query:
    return cql.read(text) if is_cql else pqf.read(text)


def _syntax(name: str) -> str:
    if not name:
        return ""
    found = oids.oid_of(Kind.SYNTAX, name) or (name if name[:1].isdigit() else "")
    if not found:
        known = ", ".join(oids.names_of(Kind.SYNTAX))
        raise WrongUse(reason=f"there is no record syntax {name}; use one of: {known}")
    return found


def _talk(hub: Hub, url: str, asked: Asked, do: Callable[[Client], Awaitable[T]]) -> T:
    """Return what somebody does in a session with a server."""
    address = parse(url)
    manners = replace(
        Manners.of(http_settings(hub.settings)),
        connect_timeout=asked.timeout,
        answer_timeout=asked.timeout,
        charset=asked.charset,
        sign_in=_sign_in(hub, asked),
    )

    def tell(traced: Traced) -> None:
        for line in apdus.lines(traced):
            hub.output.aside(line)

    async def run() -> T:
        async with Client(address, manners, tell if asked.trace else None) as client:
            return await do(client)

    return asyncio.run(run())


def _sign_in(hub: Hub, asked: Asked) -> SignIn | None:
    if not asked.user:
        return None
    if asked.file is None:
        password = click.prompt(hub.translate("Password"), hide_input=True, err=True)
    else:
        password = first_line(asked.file)
    return SignIn(user=asked.user, password=password, group=asked.group_id)


def _show(hub: Hub, piece: Piece, *, as_json: bool) -> None:
    if as_json:
        hub.output.value(_plain(piece))
        return
    syntax = oids.name_of(piece.syntax) if piece.syntax else "-"
    hub.output.line(f"--- {piece.position}  {syntax}  {len(piece.body)} B  {piece.database}")
    if piece.said is not None:
        hub.output.line(_in_words(hub, piece.said))
        return
    record, _ = read(RawRecord(identifier="", body=piece.body))
    if record is None or not record.leader:
        # Neither MARC nor anything that has a form of its own for people.
        hub.output.line(piece.body.decode("utf-8", "backslashreplace"))
    else:
        hub.output.record(record)


def _plain(piece: Piece) -> dict[str, Any]:
    told = {
        "position": piece.position,
        "database": piece.database,
        "syntax": oids.name_of(piece.syntax),
        "bytes": piece.body,
    }
    if piece.said is not None:
        return {**told, "diagnostic": _diagnostic(piece.said)}
    record, _ = read(RawRecord(identifier="", body=piece.body))
    return {**told, "record": record}


def _diagnostic(said: Diagnosed) -> dict[str, Any]:
    known = BIB1.get(said.condition)
    return {
        "number": said.condition,
        "meaning": known.english if known else "",
        "addinfo": said.addinfo,
    }


def _in_words(hub: Hub, said: Diagnosed) -> str:
    known = BIB1.get(said.condition)
    meaning = hub.translate(known.english) if known else "?"
    return " ".join(filter(None, (f"{said.condition}: {meaning}.", said.addinfo)))
