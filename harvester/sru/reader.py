"""Reads an SRU server: what all sources that are searched have in common, over its client."""

from __future__ import annotations

import time
from collections.abc import Callable

from harvester.model import HttpSettings, SourceSpec
from harvester.searching import reader
from harvester.searching.reader import SearchReader
from harvester.sru.address import plain
from harvester.sru.target import SruTarget, formats
from protocols.cql import read


class SruReader(SearchReader):
    """The Reader of the protocol ``sru``; queries are CQL."""

    def __init__(self, http: HttpSettings, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__(http, sleep, opening=SruTarget, language=read)


def check(spec: SourceSpec) -> None:
    """Raise BadUrl, UnknownSyntax, NotSearched or BadQuery for what cannot be harvested."""
    plain(spec.url)
    formats(spec.prefix)
    reader.check(spec, read)
