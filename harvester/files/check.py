"""Files looked at step by step: what lies there, of which formats, and its first records."""

from __future__ import annotations

import time
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from crosswalks.model import Page
from harvester.files import address, cutting, listing, planning
from harvester.files.download import fetched
from harvester.files.listing import Found, Kind
from harvester.files.opening import opened
from harvester.files.planning import Keyed, There
from harvester.files.position import Position
from harvester.files.walk import Walk
from harvester.model import HttpSettings, SourceSpec

_MOST = 20
"""Files that are opened: one waits for it at a screen."""


class FilesCheck:
    """Looks at the files of one source; a context manager, since a fetched one has to stay."""

    def __init__(self, spec: SourceSpec, http: HttpSettings) -> None:
        self._spec = spec
        self._http = http
        self._ending = ExitStack()
        self._files: list[Found] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.close()

    def files(self) -> list[Found]:
        """Return the files at the source's address; raise HarvestError."""
        if address.is_remote(self._spec.url):
            fetching = fetched(self._spec, self._http, time.sleep, Position())
            found = self._ending.enter_context(fetching).found
            self._files = [found] if found else []
        else:
            self._files = planning.local(self._spec)
        return self._files

    def waiting(self) -> list[Found]:
        """Return the files in its inbox; raise HarvestError."""
        return listing.inbox(self._spec.files)

    def kinds(self) -> dict[str, str]:
        """Return the format of the first files by their names; raise HarvestError."""
        kinds = {}
        for found in self._files[:_MOST]:
            with opened(found, self._spec.files.limits) as beginning:
                if part := next(beginning.parts, None):
                    deletions = found.kind is Kind.DELETIONS
                    kinds[found.name] = cutting.kind(part, self._spec.files, deletions=deletions)
        return kinds

    def first_page(self) -> Page | None:
        """Return the first page of a list, None where there is nothing; raise HarvestError."""
        if not self._files:
            return None
        # Known by name alone: only their beginning is read.
        files = tuple(Keyed(found, found.name) for found in self._files)
        mode = planning.mode_of(self._spec)
        there = There(files=files, arrived=(), mode=mode, url=self._spec.url)
        chosen = files if mode == planning.CHANGES else planning.current(there)
        made = planning.of(chosen[:_MOST], whole=mode != planning.CHANGES)
        return next(Walk(there, made, Position(), self._spec.files).pages(), None)
