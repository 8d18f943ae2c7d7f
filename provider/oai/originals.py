"""A library's records as it delivered them: a repository of their own, at an address of its own.

Identifiers are those of the origin, sets there are none, and datestamps are the hub's: it is the
hub that tells what has changed (OAI-PMH guidelines for aggregators).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from catalogue import originals
from catalogue.database import Database
from provider.oai.repository import Repository


def of_library(union: Repository, database: Database, code: str) -> Repository | None:
    """Return a library's repository; None if it shares nothing with the public, and never did."""
    found = originals.given(database, code)
    if found is None:
        return None
    return replace(
        union,
        identity=replace(union.identity, name=f"{found.name} - {union.identity.name}"),
        snapshot=partial(originals.snapshot, database, found.code),
        view=f"raw/{found.code}",
        path=f"/oai/raw/{found.code}",
        formats=tuple(form for form in union.formats if form.prefix in found.prefixes),
        has_sets=False,
        has_all_formats=False,
        names_items=False,
        is_dated=False,
        record_pages="",
    )
