"""From files to pages: record after record, in pages of their own, each with the way on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from crosswalks.model import Page, Problem, Severity
from harvester.files import cutting, identifying, keeping, planning
from harvester.files.errors import FileEmpty
from harvester.files.keeping import Batch, Placed
from harvester.files.listing import Kind
from harvester.files.opening import Opened, opened
from harvester.files.planning import Keyed, Plan, There
from harvester.files.position import Position, UnderWay
from harvester.files.seen import Seen
from harvester.model import FileSettings


class Walk:
    """Reads one list of files."""

    def __init__(
        self, there: There, plan: Plan, position: Position, settings: FileSettings
    ) -> None:
        self._there = there
        self._plan = plan
        self._settings = settings
        self._position = planning.tidied(position, there)
        self._begun_at: UnderWay = plan.under_way
        self._now: UnderWay = plan.under_way
        self._batch = Batch()
        self._came = 0
        """Records of the list so far."""
        self._read = 0
        """Bytes of the files before the one at hand."""

    def pages(self) -> Iterator[Page]:
        """Yield the pages to the end of the list; raise HarvestError."""
        if not self._plan.resumed:
            self._check_beginnings()
        if self._plan.anew:
            self._batch.problems.append(_begun_anew())
        with ExitStack() as ending:
            seen = self._seen(ending)
            for at, file in enumerate(self._plan.files):
                if at < self._begun_at.at and not self._begun_at.whole:
                    continue
                if not self._begun_at.whole:
                    seen.close()
                    seen = self._seen(ending)
                yield from self._file(at, file, seen)
        if self._begun_at.whole and not self._came:
            raise FileEmpty(file=self._plan.files[0].found.name)
        yield self._page(planning.ended(self._position, self._plan, self._there), last=True)

    def _seen(self, ending: ExitStack) -> Seen:
        folder: Path | None = self._settings.inbox.parent if self._settings.inbox else None
        return ending.enter_context(
            Seen(self._plan.files[0].found.name, folder if folder and folder.is_dir() else None)
        )

    def _check_beginnings(self) -> None:
        """Raise FilesRefused before anything is taken where one of the files cannot be read."""
        for file in self._plan.files:
            is_list = file.found.kind is Kind.DELETIONS
            if not file.found.size and self._begun_at.whole:
                raise FileEmpty(file=file.found.name)
            with opened(file.found, self._settings.limits) as beginning:
                part = next(beginning.parts, None)
                if part is not None:
                    cutting.check(part, self._settings, deletions=is_list)

    def _file(self, at: int, file: Keyed, seen: Seen) -> Iterator[Page]:
        passed = 0
        with opened(file.found, self._settings.limits) as open_file:
            for placed in self._cuts(file, open_file):
                passed += 1
                self._came += 1
                told = replace(placed, cut=identifying.told_apart(placed.cut, seen))
                if self._is_passed(at, passed):
                    continue
                self._add(told)
                if self._batch.is_full:
                    yield self._flushed(at, passed, file, open_file)
        if not passed:
            self._batch.problems.append(_nothing_in(file))
        self._read += file.found.size
        self._now = replace(self._now, at=at, passed=passed)

    def _add(self, placed: Placed) -> None:
        self._batch.add(placed)
        # Told of the page as well: of a record that came before, nothing is told again.
        self._batch.problems += [
            replace(each, sample=placed.cut.identifier, detail=placed.place)
            for each in placed.cut.problems
            if each.code == "bytes-missing"
        ]

    def _cuts(self, file: Keyed, open_file: Opened) -> Iterator[Placed]:
        deletions = file.found.kind is Kind.DELETIONS
        for part in open_file.parts:
            for one in cutting.cut(part, self._settings, deletions=deletions):
                yield Placed(one, f"{part.name}!{one.offset}")

    def _is_passed(self, at: int, passed: int) -> bool:
        begun = self._begun_at
        return at < begun.at or (at == begun.at and passed <= begun.passed)

    def _flushed(self, at: int, passed: int, file: Keyed, open_file: Opened) -> Page:
        self._now = replace(self._now, at=at, passed=passed, page=self._now.page + 1)
        position = replace(self._position, under_way=self._now)
        whole = sum(each.found.size for each in self._plan.files)
        read = self._read + min(open_file.tell(), file.found.size)
        total = round(self._came * whole / read) if read else None
        return self._page(position, last=False, total=total)

    def _page(self, position: Position, *, last: bool, total: int | None = None) -> Page:
        batch, self._batch = self._batch, Batch()
        number = self._now.page if not last else self._now.page + 1
        is_first = number == 1
        return Page(
            number=number,
            url=batch.placed[0].place if batch.placed else self._plan.files[-1].found.name,
            records=tuple(keeping.record_of(each.cut, n) for n, each in enumerate(batch.placed)),
            next_checkpoint=position.plain(),
            raw=keeping.pack(batch.placed),
            last=last,
            total=self._came if last else total,
            problems=tuple(batch.problems),
            whole=self._begun_at.whole if is_first else None,
        )


def nothing_new(position: Position, there: There) -> Page:
    """Return the page that says that nothing came."""
    return Page(
        number=1,
        url=there.url,
        records=(),
        next_checkpoint=planning.tidied(position, there).plain(),
        raw=keeping.pack(()),
        last=True,
        whole=False,
    )


def _begun_anew() -> Problem:
    return Problem(
        code="list-begun-anew",
        severity=Severity.WARNING,
        detail="a file is not what it was when the list was begun",
    )


def _nothing_in(file: Keyed) -> Problem:
    return Problem(code="nothing-in-file", severity=Severity.INFO, detail=file.found.name)
