"""How fast pages come, and how large they are."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from harvester.validate.model import Found
from harvester.validate.walking import Listing

_SLOW = 5
"""Seconds for a page that make a harvest of a large list take days."""
_VERY_SLOW = 20
"""Seconds for a single page."""
_FEW = 20
_SEVERAL = 10
"""Pages from which their size matters."""
_LARGE = 10 * 1024 * 1024
_MANY = 2000


def judge_speed(listing: Listing) -> Iterator[Found]:
    """Yield what to tell of the pages of a list."""
    pages = listing.pages
    if not pages:
        return
    seconds = median(page.seconds for page in pages)
    size = max(page.size for page in pages)
    items = max(len(page.items) for page in pages)
    told = {"seconds": f"{seconds:.2f}", "kilobytes": round(size / 1024), "records": items}
    longest = max(page.seconds for page in pages)
    if longest > _VERY_SLOW > seconds:
        told["seconds"] = f"{longest:.2f}"
    yield Found("slow" if seconds > _SLOW or longest > _VERY_SLOW else "speed", told)
    if len(pages) > _SEVERAL and items < _FEW:
        yield Found("pages-small", told)
    if size > _LARGE or items > _MANY:
        yield Found("pages-large", told)
