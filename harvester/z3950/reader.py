"""Reads a Z39.50 server: what all sources that are searched have in common, over its client."""

from __future__ import annotations

import time
from collections.abc import Callable

from harvester.model import HttpSettings, SourceSpec
from harvester.searching import reader
from harvester.searching.reader import SearchReader
from harvester.z3950.address import parse
from harvester.z3950.target import Z3950Target, formats
from protocols.pqf import read


class Z3950Reader(SearchReader):
    """The Reader of the protocol ``z3950``; queries are PQF."""

    def __init__(self, http: HttpSettings, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__(http, sleep, opening=Z3950Target, language=read)


def check(spec: SourceSpec) -> None:
    """Raise BadTargetUrl, UnknownSyntax, NotSearched or BadQuery for what cannot be harvested."""
    parse(spec.url)
    formats(spec.prefix)
    reader.check(spec, read)
