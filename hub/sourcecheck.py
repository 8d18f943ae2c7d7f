"""What a source must be before it is kept, so that a slip is told now and not at night."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from catalogue import sources
from catalogue.database import Database
from catalogue.model import Source
from crosswalks import columns, suppression
from crosswalks.shelf import SHIPPED_ONLY
from harvester.address import checked
from harvester.errors import BadUrl
from harvester.files import settings
from harvester.files.address import is_remote, path_of
from harvester.model import HttpSettings
from harvester.readers import reader
from harvester.sru.reader import check as check_sru
from harvester.z3950.reader import check as check_z3950
from hub.errors import FolderClosed, UnknownCrosswalk, UnknownEncoding
from scheduler import encodings
from scheduler.errors import BadSchedule
from scheduler.outgoing import FILE, SRU, Z3950, files_of, spec_of_search
from scheduler.wording import canonical
from web.language import mark


def check(source: Source, known: Collection[str] = ()) -> Source:
    """Return the source with its schedules as they are kept, or raise what is wrong with it.

    ``known`` are the crosswalks that staff wrote beside those shipped.
    UnknownProtocol, BadUrl, BadTargetUrl, UnknownSyntax, NotSearched, BadQuery, UnknownEncoding,
    UnknownCrosswalk, CrosswalkSyntax or BadSchedule, and what ``harvester.files.settings.check``
    and ``columns.parse`` raise.
    """
    reader(source.protocol, HttpSettings())
    if source.protocol == FILE:
        settings.check(source.url, files_of(source), prefix=source.prefix, sets=source.sets)
    elif source.protocol == Z3950:
        check_z3950(spec_of_search(source))
    elif source.protocol == SRU:
        check_sru(spec_of_search(source))
    else:
        check_base(source.url)
    if source.encoding.lower() not in ("", *encodings.NAMES):
        raise UnknownEncoding(name=source.encoding, known=", ".join(encodings.NAMES))
    known = sorted({*SHIPPED_ONLY.into_pivot(), *known})
    if source.crosswalk and source.crosswalk not in known:
        raise UnknownCrosswalk(name=source.crosswalk, known=", ".join(known))
    suppression.check(source.suppress)
    columns.parse(source.files.columns)
    return with_plain_schedules(source)


def with_plain_schedules(source: Source) -> Source:
    """Return a source whose schedules, in whatever words, are in the form they are kept in.

    Raises BadSchedule, NoSuchDay or BadCron.
    """
    reconcile = canonical(source.guards.reconcile)
    return replace(
        source,
        schedule=canonical(source.schedule),
        guards=replace(source.guards, reconcile=reconcile),
    )


def in_plain_schedules(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an entry of a file with its schedules in the form they are kept in.

    What cannot be read stays, to be refused if it is new.
    """
    guards = entry.get("guards")
    told = dict(entry) | {"schedule": _plain(entry.get("schedule"))}
    if isinstance(guards, Mapping):
        told["guards"] = dict(guards) | {"reconcile": _plain(guards.get("reconcile"))}
    return told


def _plain(words: object) -> object:
    with suppress(BadSchedule):
        return canonical(words) if isinstance(words, str) else words
    return words


def check_named(source: Source, folders: Collection[str], db: Database) -> Source:
    """Return a source as the pages may name it; raise FolderClosed for files elsewhere.

    Who runs the hub says by command what else it reads; what was said so may stay.
    """
    if source.protocol != FILE or is_remote(source.url):
        return source
    path = path_of(source.url)
    known = {each.url for each in sources.all(db) if each.name == source.name}
    if path is None or source.url in known:
        return source
    if not any(path.resolve().is_relative_to(Path(folder).resolve()) for folder in folders):
        raise FolderClosed(path=path)
    return source


def check_base(url: str) -> None:
    """Raise BadUrl for no address, or with what is copied along with one and no part of it."""
    if any(map(str.isspace, url)):
        raise BadUrl(url=url, reason=mark("it has white space in it"))
    query = urlsplit(checked(url)).query
    if "#" in url:
        raise BadUrl(url=url, reason=mark("it has a # in it, which no server is sent"))
    if "verb" in dict(parse_qsl(query, keep_blank_values=True)):
        raise BadUrl(url=url, reason=mark("it has a verb= in it, which each request adds itself"))
