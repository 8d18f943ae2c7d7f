"""Keys under which a record finds its candidates: equal keys make a pair, nothing else does.

A key proves nothing. The broad ones (title and year) are each paired with a narrower one, so that
recall does not hang on a key that has outgrown its block.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from catalogue.match.features import Features
from catalogue.match.words import bare_set

_BIBLIOGRAPHIC = frozenset("acdefgijkmoprt")
_GENERIC = bare_set("generic_titles")
_PREFIX_WORDS = 4
_PREFIX_LETTERS = 12
_SHORT = 6
_LONGEST = 80
_NAMES, _YEARS = 8, 3
_FEW_NAMES, _FEW_YEARS = 3, 2
_INITIALS, _INITIALS_LEAST = 8, 4
_PAGES_LEAST = 40


def keys(features: Features) -> tuple[str, ...]:
    """Return the keys of a bibliographic record, sorted, each once; none of other records.

    ``isbn:``, ``issn:``, ``nbn:`` (015, 016) and ``ctl:`` (035) hold a number, ``tay:`` holds
    ``title|name|year`` with one of the two last perhaps empty. These survive mistyped titles:
    ``nyi:`` ``name|year|first letter``, ``npn:`` ``name|pages``, ``typ:`` ``two words|year|pages``
    and ``iny:`` ``initials|year``.
    """
    if features.material and features.material not in _BIBLIOGRAPHIC:
        return ()
    numbers = (
        ("isbn", features.isbns),
        ("issn", features.issns),
        ("nbn", features.national),
        ("ctl", features.controls),
    )
    found = {f"{kind}:{number}" for kind, values in numbers for number in values}
    found |= {f"tay:{key}" for key in _title_keys(features)}
    found |= set(_typo_keys(features))
    return tuple(sorted(map(_bounded, found)))


def _title_keys(features: Features) -> Iterator[str]:
    if not features.bare:
        return
    prefix = _prefix(features.bare)
    names, years = features.names[:_NAMES], features.years[:_YEARS]
    for name in names:
        yield from (f"{prefix}|{name}|{year}" for year in years)
    if not is_generic(features.bare):
        yield from (f"{features.bare}|{name}|" for name in names)
        yield from (f"{features.bare}||{year}" for year in years)


def _typo_keys(features: Features) -> Iterator[str]:
    """Yield keys that hold little of the title: after a slip in its words they are the same."""
    words = features.bare.split()
    if not words:
        return
    if features.pages >= _PAGES_LEAST:
        yield from (f"npn:{name}|{features.pages}" for name in features.names[:_FEW_NAMES])
    for year in features.years[:_FEW_YEARS]:
        for name in features.names[:_FEW_NAMES]:
            yield f"nyi:{name}|{year}|{words[0][0]}"
        if features.pages:
            yield f"typ:{' '.join(words[:2])}|{year}|{features.pages}"
        if len(words) >= _INITIALS_LEAST:
            yield f"iny:{''.join(word[0] for word in words[:_INITIALS])}|{year}"


def is_generic(title: str) -> bool:
    """Say whether a bare title is too short or too common to mean anything by itself."""
    return len(title) < _SHORT or " " not in title or title in _GENERIC


def _prefix(title: str) -> str:
    """Return the first words of a title: differences in its tail still meet."""
    first = " ".join(title.split(" ", _PREFIX_WORDS)[:_PREFIX_WORDS])
    return first if len(first) >= _PREFIX_LETTERS else title


def _bounded(key: str) -> str:
    if len(key) <= _LONGEST:
        return key
    tail = sha256(key.encode()).hexdigest()[:16]
    return f"{key[: _LONGEST - len(tail) - 1]}~{tail}"
