"""Keys under which a record finds its candidates: equal keys make a pair, nothing else does.

A key proves nothing. The broad ones (title and year) are each paired with a narrower one, so that
recall does not hang on a key that has outgrown its block.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import islice

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
_PAGED = 10
_TRAIT = 30
_NARROWER = 3
_MADE_OF = {"npn": "ap", "tpg": "tp", "nyi": "ay"}
_JOINED = 16
_ARTICLES = frozenset({"the", "a", "an", "le", "la", "les", "der", "die", "das", "el"})
_PAGES_LEAST = 10


def keys(features: Features) -> tuple[str, ...]:
    """Return the keys of a bibliographic record, sorted, each once; none of other records.

    ``isbn:``, ``issn:``, ``nbn:`` (015, 016), ``ctl:`` (035) and ``trd:`` (024, 028) hold a number,
    ``tay:`` holds ``title|name|year`` with one or both of the two last perhaps empty. These survive
    mistyped titles: ``nyi:`` ``name|year|first letter``, ``npn:`` ``name|pages`` and ``tpg:``
    ``ten letters|pages``.
    """
    if features.material and features.material not in _BIBLIOGRAPHIC:
        return ()
    numbers = (
        ("isbn", features.isbns),
        ("issn", features.issns),
        ("nbn", features.national),
        ("ctl", features.controls),
        ("trd", features.trade),
    )
    found = {f"{kind}:{number}" for kind, values in numbers for number in values}
    found |= {f"tay:{key}" for key in _title_keys(features)}
    found |= set(_typo_keys(features))
    return tuple(sorted(map(bounded, found)))


DEPTH = 2
"""How many times a key held by too many records is split."""
MARK = "»"
"""Stands in no key that is not a narrower one: punctuation is taken out of all that keys hold."""


def level(key: str) -> int:
    """Return how many times a key was split to give this one."""
    return int(key[0]) if key[1:2] == MARK else 0


def refined(key: str, features: Features) -> tuple[str, ...]:
    """Return the narrower keys that a record carries where this one is held by too many.

    Each adds one trait to what the key says already; several, so that what one record leaves out
    does not keep it from all others. None at DEPTH.
    """
    now = level(key)
    if now >= DEPTH:
        return ()
    said = key.split(MARK)[1] if now else _said(key)
    whole = sha256(key.encode()).hexdigest()[:16]
    found = (
        f"{now + 1}{MARK}{said}{name}{MARK}{value[:_TRAIT]}{MARK}{whole}"
        for name, value in _traits(features)
        if value and name not in said
    )
    return tuple(islice(found, _NARROWER))


def _said(key: str) -> str:
    """Return the traits that a key is made of, a letter each."""
    kind, _, rest = key.partition(":")
    if kind != "tay":
        return _MADE_OF.get(kind, "")
    _, name, year, *_ = *rest.split("|"), "", ""
    return "t" + ("a" if name else "") + ("y" if year else "")


def _traits(features: Features) -> tuple[tuple[str, str], ...]:
    return (
        ("a", features.author or next(iter(features.names), "")),
        ("p", str(features.pages or "")),
        ("t", _joined(full_title(features))),
        ("y", str(next(iter(features.years), ""))),
        ("b", next(iter(features.publishers), "")),
        ("v", features.volume or features.edition),
    )


def _title_keys(features: Features) -> Iterator[str]:
    if not features.bare:
        return
    prefix = _prefix(features.bare)
    names, years = features.names[:_NAMES], features.years[:_YEARS]
    for name in names:
        yield from (f"{prefix}|{name}|{year}" for year in years)
    titles = {_joined(full_title(features))} if features.subtitle else set()
    if not is_generic(features.bare):
        titles.add(_joined(features.bare))
        yield from (f"{prefix}|{name}|" for name in names)
        yield f"{without_article(features.bare).replace(' ', '')}||"
    for title in sorted(titles):
        yield from (f"{title}||{year}" for year in years)


def _typo_keys(features: Features) -> Iterator[str]:
    """Yield keys that hold little of the title: after a slip in its words they are the same."""
    words = without_article(features.bare).split()
    if not words:
        return
    if features.pages >= _PAGES_LEAST:
        yield from (f"npn:{name}|{features.pages}" for name in features.names[:_FEW_NAMES])
        yield f"tpg:{_joined(full_title(features))[:_PAGED]}|{features.pages}"
    for year in features.years[:_FEW_YEARS]:
        yield from (f"nyi:{name}|{year}|{words[0][0]}" for name in features.names[:_FEW_NAMES])


def full_title(features: Features) -> str:
    """Return title proper and the rest of the title, bare."""
    return f"{features.bare} {features.subtitle}".strip()


def _joined(title: str) -> str:
    """Return the first letters of a title without spaces: these are what is misplaced most."""
    return without_article(title).replace(" ", "")[:_JOINED]


def without_article(title: str) -> str:
    """Return a bare title without an article before it."""
    first, _, rest = title.partition(" ")
    return rest if rest and first in _ARTICLES else title


def is_generic(title: str) -> bool:
    """Say whether a bare title is too short or too common to mean anything by itself."""
    return len(title) < _SHORT or " " not in title or title in _GENERIC


def _prefix(title: str) -> str:
    """Return the first words of a title: differences in its tail still meet."""
    title = without_article(title)
    first = " ".join(title.split(" ", _PREFIX_WORDS)[:_PREFIX_WORDS])
    return first if len(first) >= _PREFIX_LETTERS else title


def bounded(key: str) -> str:
    """Return a key that is not too long for a row, as different from others as it was."""
    if len(key) <= _LONGEST:
        return key
    tail = sha256(key.encode()).hexdigest()[:16]
    return f"{key[: _LONGEST - len(tail) - 1]}~{tail}"
