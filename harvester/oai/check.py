"""A repository looked at step by step: what it says of itself, and its first page."""

from __future__ import annotations

from dataclasses import replace

from crosswalks.model import Page
from harvester.http import Fetcher
from harvester.model import HttpSettings, MetadataFormat, RemoteSet, RepositoryInfo, SourceSpec
from harvester.oai import repository
from harvester.oai.asking import Asking
from harvester.oai.client import StrictClient
from harvester.oai.position import begin
from harvester.oai.repository import is_readable
from harvester.oai.walk import Walk

_MOST_PAGES_OF_SETS = 10
"""Some repositories have a set for each of ten thousand collections."""


class OaiCheck:
    """Asks one repository, a session for each question and no more requests than one waits for."""

    def __init__(self, url: str, settings: HttpSettings) -> None:
        self._url = url
        self._settings = settings

    def identify(self) -> RepositoryInfo:
        """Return what it says of itself; raise HarvestError."""
        with Fetcher(self._settings) as fetcher:
            return repository.identify(StrictClient(self._url, fetcher))

    def formats(self) -> tuple[list[MetadataFormat], list[MetadataFormat]]:
        """Return the formats that can be read, and those that cannot; raise HarvestError."""
        with Fetcher(self._settings) as fetcher:
            offered = repository.formats(StrictClient(self._url, fetcher))
        known = [one for one in offered if is_readable(one)]
        return known, [one for one in offered if one not in known]

    def sets(self) -> tuple[RemoteSet, ...]:
        """Return the sets on its first pages of them; raise HarvestError."""
        with Fetcher(self._settings) as fetcher:
            return repository.sets(StrictClient(self._url, fetcher), _MOST_PAGES_OF_SETS)

    def first_page(self, spec: SourceSpec) -> Page:
        """Return the first page of a harvest in a few requests; raise HarvestError.

        Where lists of records are broken it holds the first few records, asked for one by one.
        """
        with Fetcher(self._settings) as fetcher:
            client = StrictClient(self._url, fetcher)
            info = repository.identify(client)
            position, _ = begin(spec, {}, info)
            if not position.prefix:
                position = replace(position, prefix=repository.best_prefix(client).prefix)
            return Walk(Asking(client, spec, info), spec).first(position)
