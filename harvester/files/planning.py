"""Which of the files that lie there are read next, as one list: all, the newest, or the new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import NamedTuple

from harvester.files import address, listing
from harvester.files.download import fetched
from harvester.files.errors import FolderEmpty
from harvester.files.listing import Found, Kind
from harvester.files.position import Position, UnderWay
from harvester.model import HttpSettings, SourceSpec

WHOLE, NEWEST, CHANGES = "whole", "newest", "changes"


class Keyed(NamedTuple):
    """A file and what tells it by its content."""

    found: Found
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """All that lies there."""

    files: tuple[Keyed, ...]
    """At the source's address."""
    arrived: tuple[Keyed, ...]
    """In its inbox."""
    mode: str
    url: str
    tag: str = ""
    modified: str = ""
    is_same: bool = False
    """Whether the server said that its file is still the one that was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A list of files to be read."""

    files: tuple[Keyed, ...]
    under_way: UnderWay
    resumed: bool = False
    anew: bool = False
    """Whether it is begun again, since its files are not what they were."""


@contextmanager
def there(
    spec: SourceSpec, http: HttpSettings, sleep: Callable[[float], None], position: Position
) -> Iterator[There]:
    """Give what lies there, for as long as the block; raise HarvestError."""
    arrived = tuple(map(_keyed, listing.inbox(spec.files)))
    mode = mode_of(spec)
    if not address.is_remote(spec.url):
        files = tuple(map(_keyed, local(spec)))
        yield There(files=files, arrived=arrived, mode=mode, url=spec.url)
        return
    with fetched(spec, http, sleep, position) as fetch:
        files = () if fetch.found is None else (_keyed(fetch.found),)
        yield There(
            files=files,
            arrived=arrived,
            mode=mode,
            url=spec.url,
            tag=fetch.tag,
            modified=fetch.modified,
            is_same=fetch.found is None,
        )


def local(spec: SourceSpec) -> list[Found]:
    """Return the files at a path; raise FilesRefused."""
    path = address.path_of(spec.url)
    if path is None:
        return []
    return (
        listing.folder(path, spec.files)
        if listing.is_folder(path)
        else [listing.one(path, spec.files)]
    )


def mode_of(spec: SourceSpec) -> str:
    """Return what the files are: as the settings say, or as what lies there suggests."""
    if spec.files.delivers:
        return spec.files.delivers
    if address.is_remote(spec.url):
        return WHOLE
    path = address.path_of(spec.url)
    return CHANGES if path is None or listing.is_folder(path) else WHOLE


def plan(there: There, position: Position) -> Plan | None:
    """Return the list to be read next, or None where there is nothing new; raise FolderEmpty."""
    if position.under_way is not None:
        resumed = _resumed(there, position.under_way)
        if resumed is not None:
            return resumed
    made = _of_address(there, position) or _of_inbox(there, position)
    return replace(made, anew=position.under_way is not None) if made else None


def current(there: There) -> tuple[Keyed, ...]:
    """Return the files that together are the complete list; raise FolderEmpty."""
    records = tuple(each for each in there.files if each.found.kind is not Kind.DELETIONS)
    if not records and there.url != address.SCHEME:
        raise FolderEmpty(file=there.url)
    return (max(records, key=_age),) if there.mode == NEWEST and records else records


def ended(position: Position, made: Plan, there: There) -> Position:
    """Return the position after a list that was read to its end."""
    keys = [each.key for each in made.files]
    arrived = made.under_way.arrived
    if not arrived and there.mode == WHOLE:
        position = replace(position, taken=())
    if not arrived and there.mode == NEWEST:
        position = replace(position, since=made.files[0].found.written)
    if not arrived and there.tag + there.modified:
        position = replace(position, tag=there.tag, modified=there.modified)
    return position.after(keys, arrived=arrived)


def tidied(position: Position, there: There) -> Position:
    """Return a position without the files that are gone."""
    if there.is_same:
        return replace(position, under_way=None)
    # A list of whole files is compared as a whole: one that is gone is a change.
    files = position.taken if there.mode == WHOLE else [each.key for each in there.files]
    return replace(position.without(files, [each.key for each in there.arrived]), under_way=None)


def _of_address(there: There, position: Position) -> Plan | None:
    if there.is_same or there.url == address.SCHEME:
        return None
    if there.mode == CHANGES:
        taken = set(position.taken)
        new = tuple(each for each in there.files if each.key not in taken)
        return of(new, whole=False) if new else None
    if not there.files and not position.taken and there.arrived:
        return None
    files = current(there)
    if there.mode == NEWEST:
        [newest] = files
        is_new = newest.key not in position.taken and newest.found.written >= position.since
        return of(files, whole=True) if is_new else None
    is_new = {each.key for each in files} != set(position.taken)
    return of(files, whole=True) if is_new else None


def _of_inbox(there: There, position: Position) -> Plan | None:
    """Return one complete list alone, or the changes before the next one."""
    taken = set(position.arrived)
    waiting = [each for each in there.arrived if each.key not in taken]
    if not waiting:
        return None
    if _is_whole(waiting[0], there.mode):
        return of((waiting[0],), whole=True, arrived=True)
    at = next((at for at, each in enumerate(waiting) if _is_whole(each, there.mode)), len(waiting))
    return of(tuple(waiting[:at]), whole=False, arrived=True)


def _is_whole(each: Keyed, mode: str) -> bool:
    kind = each.found.kind
    return kind is Kind.WHOLE or (kind is Kind.AUTO and mode != CHANGES)


def of(files: tuple[Keyed, ...], *, whole: bool, arrived: bool = False) -> Plan:
    """Return the plan of reading these files as one list."""
    keys = tuple(each.key for each in files)
    return Plan(files=files, under_way=UnderWay(whole=whole, files=keys, arrived=arrived))


def _resumed(there: There, under_way: UnderWay) -> Plan | None:
    """Return a list under way with the files as they lie there, or None if they are others."""
    lying: Sequence[Keyed] = there.arrived if under_way.arrived else there.files
    by_key = {each.key: each for each in lying}
    needed = under_way.files if under_way.whole else under_way.files[under_way.at :]
    if not all(key in by_key for key in needed):
        return None
    # Of a list of changes, files that were read completely may be gone meanwhile.
    files = tuple(by_key.get(key) or by_key[needed[0]] for key in under_way.files)
    return Plan(files=files, under_way=under_way, resumed=True)


def _keyed(found: Found) -> Keyed:
    return Keyed(found, found.key())


def _age(each: Keyed) -> tuple[object, ...]:
    return each.found.written, listing.natural(each.found.name)
