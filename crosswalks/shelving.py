"""How a crosswalk's text becomes one that runs, together with all the texts that it is made of.

What is stored is not trusted as what is shipped is: its size is limited and its patterns guarded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from crosswalks import tables, versioning
from crosswalks.crosswalk import Crosswalk, normalise
from crosswalks.errors import UnknownCrosswalk
from crosswalks.language.beside import Rows, compiling
from crosswalks.language.compile import compiled
from crosswalks.language.errors import CrosswalkSyntax, Misplaced
from crosswalks.language.mending import Mended, mending
from crosswalks.language.parse import parse
from crosswalks.language.syntax import Script
from crosswalks.model import Record
from crosswalks.xslt import Stylesheet, transforming

LONGEST = 200_000
"""Characters of a crosswalk's text; its tables together may have ten times as many."""

_TABLES = 10 * LONGEST
_XSLT, _RULES = "xslt", "rules"
_DIGEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A crosswalk, or rules that others include, as somebody wrote it, with tables of its own."""

    text: str
    tables: tuple[tuple[str, str], ...] = ()
    """Names, and TSV with its heading in the first line."""
    stored: bool = True
    """False for what comes with the program."""

    @property
    def is_rules(self) -> bool:
        """Tell whether it can only be included by others."""
        return any(line.split()[:1] == [_RULES] for line in self.text.splitlines())


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A crosswalk's rules, or its stylesheet, and all that was written for it, by name."""

    script: Script
    stylesheet: Stylesheet | None
    used: Mapping[str, Written]

    @property
    def is_stored(self) -> bool:
        """Tell whether anything in it was stored."""
        return any(each.stored for each in self.used.values())

    def version(self) -> str:
        """Return what tells this version from every other, in few characters."""
        told = [self.script.name, self.script.version]
        for name, each in sorted(self.used.items()):
            told += [name, each.text, *(part for table in each.tables for part in table)]
        told.append(versioning.digest((), self.script))
        return hashlib.blake2b("\0".join(told).encode(), digest_size=_DIGEST).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A crosswalk that runs."""

    crosswalk: Crosswalk
    mend: Callable[[Record], Mended]
    """Maps by all rules but those that fail; raises MappingFailed where none is to blame."""


def parts_of(name: str, find: Callable[[str], Written]) -> Parts:
    """Return what a crosswalk is made of; raise CrosswalkSyntax, and what ``find`` raises."""
    written = find(name)
    used = {name: written}
    _check_size(name, written)

    def included(other: str) -> str:
        try:
            used[other] = find(other)
        except UnknownCrosswalk as error:
            raise LookupError(other) from error
        return used[other].text

    heading, stylesheet = _parted(name, written.text)
    script = parse(heading, name, included)
    if script.name != name:
        raise _syntax(name, Misplaced(1, "it calls itself {text}", text=script.name))
    return Parts(script=script, stylesheet=stylesheet, used=used)


def ready(parts: Parts) -> Ready:
    """Return a crosswalk made of stored texts as one that runs; raise CrosswalkSyntax."""
    script = parts.script
    made = Crosswalk(
        name=script.name,
        version=script.version,
        source=script.source,
        target=script.target,
        steps=(),
    )
    if parts.stylesheet:
        run = transforming(parts.stylesheet, script.source, script.target)
        steps = (normalise, run)
        return Ready(
            crosswalk=replace(made, steps=steps), mend=lambda record: (run(normalise(record)), ())
        )
    own = _own_tables(parts)

    def compiled_beside(of: Script) -> Callable[[Record], Record]:
        with compiling(own):
            return compiled(of).run

    run = compiled_beside(script)
    mend = mending(script, compiled_beside)
    return Ready(
        crosswalk=replace(made, steps=(normalise, run)),
        mend=lambda record: mend(normalise(record)),
    )


def _own_tables(parts: Parts) -> dict[str, Rows]:
    """Return the tables of all texts; those of the crosswalk itself come before the others'."""
    own: dict[str, Rows] = {}
    for each in parts.used.values():
        for name, text in each.tables:
            if rows := tables.whole(text):
                own.setdefault(name, rows)
    return own


def _check_size(name: str, written: Written) -> None:
    if len(written.text) > LONGEST:
        wrong = Misplaced(1, "the text is longer than {most} characters", most=str(LONGEST))
        raise _syntax(name, wrong)
    if sum(len(text) for _, text in written.tables) > _TABLES:
        wrong = Misplaced(1, "its tables are longer than {most} characters", most=str(_TABLES))
        raise _syntax(name, wrong)


def _parted(name: str, text: str) -> tuple[str, Stylesheet | None]:
    """Return the heading and the stylesheet below the word xslt; all is heading without one."""
    lines = text.splitlines(keepends=True)
    at = next((at for at, line in enumerate(lines) if line.strip() == _XSLT), None)
    if at is None:
        return text, None
    body = "".join(lines[at + 1 :])
    lead = body[: len(body) - len(body.lstrip())].count("\n")
    return "".join(lines[:at]), Stylesheet(name, body.strip().encode(), at + 2 + lead)


def _syntax(name: str, wrong: Misplaced) -> CrosswalkSyntax:
    return CrosswalkSyntax(name=name, line=1, column=wrong.column, reason=wrong.reason)
