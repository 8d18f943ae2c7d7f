"""In which order hits come when nobody says: a formula of our own, so that engines agree.

First what has the words as they were written, if they were written with marks. Within that: a title
that is the words; one that begins with them; one that holds them; all others. Within these: whole
publications before parts of others, what more libraries hold, what is newer, what is older here.
That last order is the number a document has (``document_id``), so an index gives it for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from catalogue.search.columns import TITLES
from catalogue.search.document import Document
from catalogue.search.expression import AllOf, Codes, Expression, Words, all_of
from catalogue.search.openings import OPENING, OPENING_MARKED, opening, whole

_VARIANT_BITS, _CLUSTER_BITS, _YEAR_BITS, _WEIGHT_BITS = 4, 36, 8, 5
MAX_VARIANTS = 1 << _VARIANT_BITS
_NEWEST = 2155
_OLDEST = _NEWEST - (1 << _YEAR_BITS) + 1
_WHOLE_WEIGHT = 1 << (_WEIGHT_BITS - 1)


def document_id(document: Document, cluster: int, variant: int) -> int:
    """Return the number of a document: the lower, the sooner it is shown among equals.

    ``variant`` tells apart what different views see of one cluster, from 0. Numbers have 53 bits at
    most, so that JSON holds them.
    """
    held = min(len(document.libraries).bit_length(), _WHOLE_WEIGHT - 1)
    weight = held + (0 if document.part else _WHOLE_WEIGHT)
    age = _NEWEST - max(_OLDEST, min(document.year, _NEWEST))
    number = (2 * _WHOLE_WEIGHT - 1 - weight) << _YEAR_BITS | age
    return (number << _CLUSTER_BITS | cluster) << _VARIANT_BITS | variant


def tiers(wanted: Expression) -> list[Expression]:
    """Return what to show before what: each finds hits of the query, the last all of them."""
    parts = wanted.parts if isinstance(wanted, AllOf) else (wanted,)
    words = [part for part in parts if isinstance(part, Words)]
    found = [*_of_titles(parts), wanted]
    if any(each.has_marks for each in words):
        exact = [_exact(part) for part in parts]
        found = [*_of_titles(exact), all_of(exact), *found]
    # Words of titles alone are looked for in titles already.
    return list(dict.fromkeys(found))


def _exact(part: Expression) -> Expression:
    if isinstance(part, Words) and part.exact:
        return replace(part, words=part.exact, exact=(), codes=(), marked=True)
    return part


def _of_titles(parts: Sequence[Expression]) -> Iterator[Expression]:
    """Yield what finds known titles, if the query has words that may be one."""
    named = [part for part in parts if isinstance(part, Words) and set(TITLES) <= {*part.columns}]
    if not named:
        return
    others = [part for part in parts if part not in named]
    in_title = [replace(each, columns=TITLES, codes=()) for each in named]
    if not any(each.prefix or each.marked != named[0].marked for each in named):
        words = tuple(word for each in named for word in each.words)
        column = OPENING_MARKED if named[0].marked else OPENING
        phrase = replace(in_title[0], words=words)
        yield all_of((Codes(codes=((column, whole(words)),)), *others))
        yield all_of((Codes(codes=((column, opening(words)),)), phrase, *others))
    yield all_of((*in_title, *others))
