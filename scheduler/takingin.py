"""Sources whose files are checked first: what is new at their address is taken in, and only that.

Copied, so that what somebody says yes to is what was checked, whatever lies there by then.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from catalogue.folders import sha256_of
from catalogue.intake import rows
from catalogue.intake.model import Arrived, Intake, Kind
from catalogue.intake.spool import Draft, chunks_of
from catalogue.model import Source
from harvester.files import address, listing, planning
from harvester.files.download import fetched
from harvester.files.listing import Found
from harvester.files.position import Position
from harvester.model import SourceSpec
from scheduler import arriving
from scheduler.model import HarvestOptions, Line
from scheduler.outgoing import http_of, spec_of

_TOGETHER = "together.tar"
"""What several files are called that are one list."""


def is_checked_first(source: Source) -> bool:
    """Tell whether harvests of a source only read what somebody applied."""
    return source.protocol == rows.FILES and source.files.check_first


def inbox_only(source: Source) -> Source:
    """Return a source as if it had nothing but its inbox."""
    return replace(source, url=arriving.INBOX_ONLY)


def take_in(line: Line, source: Source, sleep: Callable[[float], None]) -> list[Intake]:
    """Take in what is new at the address of a source, and queue its check; return what that is.

    Raises HarvestError where nothing can be read there, and what keeping a file raises.
    """
    spec = spec_of(line, source, HarvestOptions())
    with _lying(line, source, spec, sleep) as found:
        mode = planning.mode_of(spec)
        kept = (_keep(line, source, *some) for some in _deliveries(found, mode))
        return [intake for intake in kept if intake is not None]


def _deliveries(found: Sequence[Found], mode: str) -> Iterator[tuple[Sequence[Found], Kind]]:
    """Yield which files make one delivery each, and what it says."""
    lists = [each for each in found if each.kind is not listing.Kind.DELETIONS]
    if mode == planning.WHOLE and lists:
        yield lists, Kind.WHOLE
    elif mode == planning.NEWEST and lists:
        yield [max(lists, key=lambda each: (each.written, listing.natural(each.name)))], Kind.WHOLE
    elif mode == planning.CHANGES:
        for each in found:
            is_list = each.kind is not listing.Kind.DELETIONS
            yield [each], Kind.CHANGES if is_list else Kind.DELETIONS


@contextmanager
def _lying(
    line: Line, source: Source, spec: SourceSpec, sleep: Callable[[float], None]
) -> Iterator[list[Found]]:
    if not address.is_remote(spec.url):
        yield planning.local(spec)
        return
    with fetched(spec, http_of(line, source), sleep, Position()) as fetch:
        yield [fetch.found] if fetch.found else []


def _keep(line: Line, source: Source, found: Sequence[Found], kind: Kind) -> Intake | None:
    """Copy files as one delivery, unless the source delivered just that before."""
    name = found[0].name if len(found) == 1 else _TOGETHER
    if len(found) == 1 and rows.is_known(line.db, source.name, sha256_of(found[0].path)):
        return None
    spool = arriving.spool_of(line)
    spool.expect(sum(each.size for each in found), name)
    with spool.draft(name) as draft:
        _write(found, draft)
        if rows.is_known(line.db, source.name, draft.sha256()):
            return None
        arrived = Arrived(
            source=source.name,
            name=name,
            sha256=draft.sha256(),
            size=draft.size,
            kind=kind,
            origin=source.url,
        )
        return arriving.receive(line, draft, arrived).intake


def _write(found: Sequence[Found], draft: Draft) -> None:
    if len(found) == 1:
        with found[0].open() as file:
            for chunk in chunks_of(file):
                draft.write(chunk)
            found[0].check_unchanged(file)
        return
    with tarfile.open(fileobj=draft, mode="w|") as packed:
        for each in found:
            # Nothing but names and bytes, so that the same files make the same archive.
            member = tarfile.TarInfo(each.name)
            member.size = each.size
            with each.open() as file:
                packed.addfile(member, file)
                each.check_unchanged(file)
