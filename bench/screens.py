"""How long the server works at each list of the pages, in a hub of a national library's size.

The hub is seeded, its records, clusters and members are then copied by SQL until there are enough
(what is given out of them is not, and nothing can be harvested into it any more), and it is given a
thousand sources and a hundred thousand past runs. Every fiftieth record is in quarantine. Pages are
asked for in turns, from the request to the last byte of the answer, without a network.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient
from sqlalchemy import text

from bench import crowd, reports
from bench.harness import save
from bench.seed import seed
from bench.signed_in import asked, signed_in
from catalogue import daily, public_figures, sources
from catalogue.database import Database, upgrade
from catalogue.users import Role
from hub.bench.generate import Recipe
from web.staff.permissions import permissions

_IN_QUARANTINE = """
INSERT INTO quarantine (record_id, source_id, run_id, seq, page, position, datestamp, format)
SELECT id, source_id, 1, 1, 1, 1, '', '' FROM record WHERE id % 50 = 7
"""
_PROBLEMS = """
INSERT INTO problem (source_id, run_id, record_id, identifier, code, severity, field, sample,
    detail)
SELECT source_id, 1, id, identifier, CASE WHEN id % 3 = 0 THEN 'no-title' ELSE 'bad-xml' END,
    'error', '', '', '' FROM record WHERE id % 50 = 7
"""
_NO_LISTS = (
    *("/add", "/new", "/channels", "/send", "/file", "/wait", "/account", "/live", "/look-source"),
    *("/compare", "/login", "/logout", ".csv"),
)
_FURTHER = (
    "/staff/sources?health=late",
    "/staff/sources/{source}",
    "/staff/runs?source={source}",
    "/staff/runs?before=50000",
    "/staff/quarantine/source/{source}",
    "/staff/members/TV05",
    "/staff/matches/doubles/TV05",
)


_OF_CROWD = "s1"
_OF_MEMBERS = (
    "/member/",
    "/member/runs?source={source}",
    "/member/problems?code=no-title",
)
_PUBLIC = ("/", "/about", "/about?type=", "/endpoints", "/advanced", "/help", "/headings")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--seeded", type=int, default=2000, help="made, stored and placed")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", metavar="URL", help="one with nothing in it, or made by this")


def run(options: Namespace) -> None:
    """Make the hub, ask for each list, and print how long answers took, the slowest first."""
    with TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{Path(folder) / 'hub.db'}"
        with closing(_made(url, options)) as database:
            staff = signed_in(database, url, folder)
            # The library that a thousand sources were given.
            crowded = sources.get(database, _OF_CROWD)
            member = signed_in(database, url, folder, crowded.library)
            taken = {
                **_asked(staff, _addresses("/staff", _FURTHER, "member-01"), options.rounds),
                **_asked(member, _addresses("/member", _OF_MEMBERS, crowded.name), options.rounds),
                **_asked(member, [*_PUBLIC], options.rounds),
            }
    rows = {
        address: {"median_ms": median(times), "p90_ms": quantiles(times, n=10)[-1]}
        for address, times in taken.items()
    }
    for address, row in sorted(rows.items(), key=lambda each: -each[1]["median_ms"]):
        print(f"{row['median_ms']:8.1f} ms  {row['p90_ms']:8.1f} ms in 9 of 10  {address}")
    save("screens", vars(options), {"pages": rows})


def _made(url: str, options: Namespace) -> Database:
    """Return the hub, made first if it is not there yet."""
    database = Database.open(url) if options.database and _is_made(url) else None
    if database is not None:
        return database
    seed(url, Recipe(), options.seeded)
    database = Database.open(url)
    reports.grow(database, options.records)
    crowd.fill(database)
    with database.write.begin() as connection:
        for statement in (_IN_QUARANTINE, _PROBLEMS):
            connection.execute(text(statement))
    daily.count_if_due(database)
    public_figures.count_if_due(database)
    return database


def _is_made(url: str) -> bool:
    upgrade(url)
    with closing(Database.open(url)) as database:
        return bool(sources.all(database))


def _asked(client: FlaskClient, addresses: list[str], rounds: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {address: [] for address in addresses}
    for turn in range(rounds + 1):
        for address, times in taken.items():
            milliseconds = asked(client, address)
            # The first time templates are compiled and caches filled.
            if turn:
                times.append(milliseconds)
    return taken


def _addresses(door: str, further: tuple[str, ...], source: str) -> list[str]:
    plain = [
        each.address
        for each in permissions()
        if each.method == "GET"
        and each.role in tuple(Role)
        and each.address.startswith(door)
        and "<" not in each.address
        and not any(part in each.address for part in _NO_LISTS)
    ]
    return list(dict.fromkeys(plain)) + [each.format(source=source) for each in further]
