"""What a library gets back, for its system to load: a repository of its own, at an own address.

Its records have the library's numbers, so they are other records than the union's. What is no
improvement any more is not told as deleted: systems delete their own record then.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from catalogue.database import Database
from catalogue.improved import giving
from catalogue.model import Sharing
from provider.oai.repository import Repository


def of_library(union: Repository, database: Database, code: str) -> Repository | None:
    """Return what a library gets back as the union's view shows it; None if it is not shown."""
    found = giving.library_of(database, code, Sharing(union.view))
    if found is None:
        return None
    return replace(
        union,
        identity=replace(union.identity, name=f"{union.identity.name}: {found}"),
        snapshot=partial(giving.snapshot, database, found, union.view, union.identity),
        view=f"improved/{found}/{union.view}",
        path=f"/oai/improved/{found}",
        formats=tuple(form for form in union.formats if form.prefix in giving.PREFIXES),
        has_sets=False,
        named=f"{found}/",
        keeps_deleted=False,
        is_dated=False,
        record_pages="",
    )
