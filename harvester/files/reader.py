"""Reads files from a checkpoint to the end of what they deliver."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crosswalks.model import Checkpoint, Page, RawRecord
from harvester.files import address, keeping, planning, settings
from harvester.files.errors import NoCompleteList, NotForFiles, NotInFiles
from harvester.files.keeping import Placed
from harvester.files.model import Cut
from harvester.files.position import Position
from harvester.files.walk import Walk, nothing_new
from harvester.model import Header, HttpSettings, Listed, RepositoryInfo, SourceSpec
from protocols.oai import Granularity


@dataclass(frozen=True, slots=True)
class FilesReader:
    """The Reader for files; nothing stays open between its calls."""

    http: HttpSettings
    sleep: Callable[[float], None] = time.sleep

    def pages(self, spec: SourceSpec, checkpoint: Checkpoint) -> Iterator[Page]:
        """Yield the pages of what is new since ``checkpoint``, as one list.

        That is all files, the newest, or those that bring changes; what waits in the inbox after it
        comes with the next list. Where nothing is new there is one empty page. Raises HarvestError;
        the checkpoint of the last page that came is then the place to go on from.
        """
        _check(spec)
        position = Position.of(checkpoint)
        with planning.there(spec, self.http, self.sleep, position) as there:
            made = planning.plan(there, position)
            if made is None:
                yield nothing_new(position, there)
            else:
                yield from Walk(there, made, position, spec.files).pages()

    def identifiers(self, spec: SourceSpec) -> Iterator[Listed]:
        """Yield the headers of all that the files hold now; raise HarvestError.

        Raises NoCompleteList where they only bring changes.
        """
        _check(spec)
        if planning.mode_of(spec) == planning.CHANGES:
            raise NoCompleteList(url=spec.url)
        for page in self._current(spec):
            headers = (Header(each.identifier, deleted=each.deleted) for each in page.records)
            yield Listed(tuple(headers), page.problems)

    def record(self, spec: SourceSpec, identifier: str) -> RawRecord:
        """Return one record as the files have it now, the last one counts; raise HarvestError."""
        return self.one(spec, identifier).records[0]

    def one(self, spec: SourceSpec, identifier: str) -> Page:
        """Return a page that holds one record as ``record`` returns it, with its bytes kept."""
        _check(spec)
        last: Page | None = None
        for page in self._current(spec):
            for record in page.records:
                if record.identifier == identifier:
                    last = _alone(page, record)
        if last is None:
            raise NotInFiles(url=spec.url, identifier=identifier)
        return last

    def again(self, raw: bytes, number: int, url: str) -> Page:
        """Return a page that was kept, as ``keeping.again`` reads it; raise HarvestError."""
        return keeping.again(raw, number, url)

    def identify(self, spec: SourceSpec) -> RepositoryInfo:
        """Return what can be said of files: they tell of no deletion by themselves."""
        return RepositoryInfo(
            name=address.name_of(spec.url) if address.is_remote(spec.url) else spec.url,
            base_url=spec.url,
            granularity=Granularity.SECOND,
            deleted_record="no",
            earliest="",
            now=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _current(self, spec: SourceSpec) -> Iterator[Page]:
        with planning.there(spec, self.http, self.sleep, Position()) as there:
            if there.mode == planning.CHANGES:
                files = (*there.files, *there.arrived)
            else:
                files = planning.current(there)
            if files:
                made = planning.of(files, whole=there.mode != planning.CHANGES)
                yield from Walk(there, made, Position(), spec.files).pages()


def _check(spec: SourceSpec) -> None:
    """Raise what is wrong with what was asked for."""
    settings.check(spec.url, spec.files, prefix=spec.prefix, sets=spec.sets)
    asked = {"--from": spec.start, "--until": spec.until}
    wrong = ", ".join(name for name, value in asked.items() if value)
    if wrong:
        raise NotForFiles(what=wrong)


def _alone(page: Page, record: RawRecord) -> Page:
    """Return a page that holds nothing but one of the records of another."""
    one = Cut(
        offset=0,
        body=record.body,
        format=record.format,
        identifier=record.identifier,
        deleted=record.deleted,
        problems=record.problems,
    )
    packed = keeping.pack((Placed(one, page.url),))
    return replace(page, number=1, records=(replace(record, position=0),), raw=packed, last=True)
