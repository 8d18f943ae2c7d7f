"""The test source of an application: what its survey says, or what was said instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from catalogue.database import Database
from catalogue.joining import checks, store
from catalogue.joining.model import By
from catalogue.model import Source
from scheduler.joining.survey import ADDRESS, ENCODING, PREFIX
from scheduler.outgoing import protocol_of


def have_stream(
    database: Database,
    code: str,
    said: Mapping[str, str],
    by: By,
    check: Callable[[Source], Source],
) -> None:
    """Give an application its test source, unless it has one and nothing else was said.

    ``said`` may hold address, prefix and encoding by the survey's names, and ``source``, what it is
    to be called; ``check`` returns a source that can be kept. Raises what it raises, and what
    ``catalogue.joining.checks.stream`` does.
    """
    found = store.get(database, code)
    answers = {name: str(found.answers.get(name, "")) for name in (ADDRESS, PREFIX, ENCODING)}
    told = {name: said.get(name, "") or answer for name, answer in answers.items()}
    if not told[ADDRESS] or (found.source and not any(said.values())):
        return
    source = Source(
        name=said.get("source", "") or found.source or code.lower(),
        library=code,
        protocol=protocol_of(told[ADDRESS]),
        url=told[ADDRESS],
        prefix=told[PREFIX],
        encoding=told[ENCODING],
    )
    checks.stream(database, code, check(source), by)
